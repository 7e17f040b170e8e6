import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aTopology, desktop, HYBRID, X3D } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import rule from './cache.ts';

const NO_HOST = { cpuTopology: NO_HOST_FACT };
const cpu = (cache: string): { body: string } => ({ body: `<cpu mode='host-passthrough'>${cache}</cpu>` });

const pinned = (emulator: string): { body: string } => ({
  body: `<vcpu>2</vcpu><cputune><vcpupin vcpu='0' cpuset='8'/><vcpupin vcpu='1' cpuset='24'/>${emulator}</cputune><cpu mode='host-passthrough'><cache mode='passthrough'/></cpu>`,
});

const dies = (cache: string, cores: number): { body: string } =>
  cpu(`<topology sockets='1' dies='2' cores='${cores}' threads='2'/>${cache}`);

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

  it('finds an L3 that is larger than that of the vCPUs', () => {
    const cpuTopology = known(X3D);
    expect(judgeOneDomain(rule, pinned("<emulatorpin cpuset='0,16'/>"), { cpuTopology })).toMatchObject({
      status: 'fail',
      message: 'the guest is shown an L3 of 96 MiB, that of CPU 0, where QEMU may start; its vCPUs have 32 MiB (CPU 8)',
      evidence: [expect.anything(), { observed: 'L3 of CPU 0: 98304 KiB; of CPU 8: 32768 KiB' }],
    });
    expect(judgeOneDomain(rule, pinned("<emulatorpin cpuset='9,25'/>"), { cpuTopology })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, pinned(''), { cpuTopology })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, pinned("<emulatorpin cpuset='0,16'/>"), { cpuTopology: known(desktop(16)) })).toMatchObject({
      status: 'pass',
    });
  });

  it('finds dies that are smaller than those that share a cache', () => {
    const cpuTopology = known(aTopology([{ cores: 8 }, { cores: 8 }]));
    const passed = "<cache mode='passthrough'/>";
    expect(judgeOneDomain(rule, dies(passed, 3), { cpuTopology })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('several dies'),
    });
    expect(judgeOneDomain(rule, dies(passed, 5), { cpuTopology })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, dies('', 3), { cpuTopology })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, dies('', 5), { cpuTopology })).toMatchObject({ status: 'fail' });
  });

  it('is not applicable to models, and without a device', () => {
    expect(judgeOneDomain(rule, { body: "<cpu mode='host-model'/>" }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { ...cpu(''), gpu: false }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
  });
});
