import { describe, expect, it } from 'vitest';

import { type DomainParts, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './enough.ts';

const mib = (size: number, given: DomainParts = {}): DomainParts => ({ body: `<memory unit='MiB'>${size}</memory>`, ...given });

describe(rule.id, () => {
  it('passes with exactly what the system needs', () => {
    expect(judgeOneDomain(rule, mib(4096))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, mib(2048, { os: 'win/10' }))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, mib(64, { os: 'win/xp' }))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, mib(64, { os: null, name: 'debian' }))).toMatchObject({ status: 'pass' });
  });

  it('fails with less, and names the system', () => {
    expect(judgeOneDomain(rule, mib(4095))).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'the guest has 4095 MiB of memory, and Windows 11 needs 4096 MiB',
      evidence: [{ source: 'win11.xml:8', expected: 'at least 4096 MiB' }],
    });
  });

  it('takes a number without a unit for what it is', () => {
    const outcome = judgeOneDomain(rule, { body: '<memory>8192</memory>', os: null, name: 'vm' });
    expect(outcome).toMatchObject({ status: 'fail', message: 'the guest has 8 MiB of memory: a number without a unit is KiB' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('leaves sizes that cannot be read to another rule', () => {
    expect(judgeOneDomain(rule, { body: '<memory>-1</memory>' })).toMatchObject({ status: 'not-applicable' });
  });
});
