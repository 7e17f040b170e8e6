import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { desktop, HYBRID, X3D } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import rule from './cache.ts';

const NO_HOST = { cpuTopology: NO_HOST_FACT };
const cpu = (cache: string): { body: string } => ({ body: `<cpu mode='host-passthrough'>${cache}</cpu>` });

describe(rule.id, () => {
  it('passes when they are passed through', () => {
    expect(judgeOneDomain(rule, cpu("<cache mode='passthrough'/>"), NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['', 'QEMU makes the caches of the guest up'],
    ["<cache level='3' mode='emulate'/>", 'the caches of the guest are not those of the host'],
    ["<cache mode='disable'/>", 'the caches of the guest are not those of the host'],
  ])('fails with "%s"', (cache, message) => {
    expect(judgeOneDomain(rule, cpu(cache), NO_HOST)).toMatchObject({ status: 'fail', message, evidence: [{ source: 'win11.xml:8' }] });
    expect(judgeOneDomain(rule, cpu(cache), { cpuTopology: known(desktop(8)) })).toMatchObject({ status: 'fail', message });
  });

  it.each([
    ['X3D', X3D],
    ['hybrid', HYBRID],
  ])('does not ask for them where they differ: %s', (_name, topology) => {
    expect(judgeOneDomain(rule, cpu(''), { cpuTopology: known(topology) })).toMatchObject({ status: 'not-applicable' });
  });

  it('is not applicable to models, and without a device', () => {
    expect(judgeOneDomain(rule, { body: "<cpu mode='host-model'/>" }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { ...cpu(''), gpu: false }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
