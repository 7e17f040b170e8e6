import { describe, expect, it } from 'vitest';

import { aProcessor } from '../../../test/cpu-facts.ts';
import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { known } from '../../../test/facts.ts';
import rule from './migratable.ts';

const NO_HOST = { cpu: NO_HOST_FACT };
const EVEN = { cpu: known(aProcessor(['vmx', 'constant_tsc', 'nonstop_tsc'])) };

describe(rule.id, () => {
  it.each([
    "<cpu mode='host-passthrough' migratable='off'/>",
    "<cpu mode='host-passthrough' migratable='on'><feature policy='require' name='invtsc'/></cpu>",
  ])('passes with %s', (body) => expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass' }));

  it.each(["<cpu mode='host-passthrough' check='none' migratable='on'/>", "<cpu mode='maximum'/>"])(
    'mentions %s: on is the default',
    (body) => {
      const outcome = judgeOneDomain(rule, { body }, EVEN);
      expect(outcome).toMatchObject({ status: 'fail', evidence: [{ source: 'win11.xml:8' }, { source: '/proc/cpuinfo' }] });
      expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'fail' });
    },
  );

  it('is not applicable where the host has no even clock, where invtsc is switched off, and to models', () => {
    const body = "<cpu mode='host-passthrough'/>";
    expect(judgeOneDomain(rule, { body }, { cpu: known(aProcessor(['vmx', 'constant_tsc'])) })).toMatchObject({ status: 'not-applicable' });
    const off = "<cpu mode='host-passthrough'><feature policy='disable' name='invtsc'/></cpu>";
    expect(judgeOneDomain(rule, { body: off }, EVEN)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: "<cpu mode='host-model'/>" }, EVEN)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body, gpu: false }, EVEN)).toMatchObject({ status: 'not-applicable' });
  });

  it('says nothing of a guest that can be moved: with teamed network cards, or slices only', () => {
    const slice =
      "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='4b20d080-1b54-4048-85b3-a6a62d165c01'/></source></hostdev>";
    const teamed = "<interface type='hostdev'><teaming type='transient' persistent='ua-1'/></interface>";
    const body = "<cpu mode='host-passthrough'/>";
    expect(judgeOneDomain(rule, { body, gpu: false, devices: slice }, { cpu: NO_HOST_FACT })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body, devices: teamed }, { cpu: NO_HOST_FACT })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body, devices: slice }, { cpu: NO_HOST_FACT })).toMatchObject({ status: 'fail' });
  });
});
