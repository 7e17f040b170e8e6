import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aKernel } from '../../../test/facts.ts';
import rule from './rng.ts';

const rng = (backend: string): string => `<rng model='virtio'>${backend}</rng>`;
const RANDOM = rng("<backend model='random'>/dev/random</backend>");
const without = { kernel: NO_HOST_FACT };
const on = (release: string) => ({ kernel: { ok: true as const, value: aKernel('', release) } });

describe(rule.id, () => {
  it.each(["<backend model='random'>/dev/urandom</backend>", "<backend model='random'>/dev/hwrng</backend>", "<backend model='builtin'/>"])(
    'passes %s',
    (backend) => {
      expect(judgeOneDomain(rule, { devices: rng(backend) }, without)).toMatchObject({ status: 'pass' });
    },
  );

  it('calls /dev/random outdated, also where it is not written', () => {
    const outcome = judgeOneDomain(rule, { devices: RANDOM }, without);
    expect(outcome).toMatchObject({ status: 'fail', message: 'outdated: /dev/random where /dev/urandom is enough' });
    expect(outcome).not.toHaveProperty('severity');
    expect(judgeOneDomain(rule, { devices: rng("<backend model='random'/>") }, without)).toMatchObject({ status: 'fail' });
  });

  it('is minor on a kernel where it blocks', () => {
    expect(judgeOneDomain(rule, { devices: RANDOM }, on('5.4.0'))).toMatchObject({
      severity: 'minor',
      evidence: [{}, { observed: '5.4.0' }],
    });
    expect(judgeOneDomain(rule, { devices: RANDOM }, on('5.6.0'))).not.toHaveProperty('severity');
  });

  it('says nothing without a generator', () => {
    expect(judgeOneDomain(rule, {}, without)).toMatchObject({ status: 'not-applicable' });
  });
});
