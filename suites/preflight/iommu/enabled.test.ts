import { describe, expect, it } from 'vitest';

import { aGroup, aKernel, anIommu, aPassthrough, aPciDevice, DEBIAN } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import check from './enabled.ts';

const failed = { ok: false, error: new FactError({ source: 'x', reason: 'hidden' }) } as const;
const had = <T>(value: T) => ({ ok: true, value }) as const;
const OFF = { instances: [], groups: [], dmar: ABSENT, intelCanRemapInterrupts: null };
const DEFAULT_OFF = { source: '/boot/config-6.12.0', text: 'CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n' };
const DEFAULT_ON = { source: '/boot/config-6.12.0', text: 'CONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_DEFAULT_ON=y\n' };

type Facts = Parameters<typeof check.evaluate>[0];

function judge(given: Partial<Facts>) {
  return check.evaluate({
    iommu: anIommu(),
    passthrough: had(aPassthrough()),
    pciDevices: had([aPciDevice()]),
    kernel: had(aKernel('quiet')),
    kernelConfig: failed,
    kernelLog: failed,
    platform: had(DEBIAN),
    cpu: failed,
    ...given,
  });
}

describe(check.id, () => {
  it('passes with a driver instance, groups, and the GPU in one of them', () => {
    expect(judge({})).toMatchObject({ status: 'pass', evidence: [{ source: '/sys/class/iommu', observed: 'dmar0' }, {}] });
  });

  it('passes in identity mode (iommu=pt), which is not off', () => {
    expect(judge({ iommu: anIommu({ groups: [aGroup({ type: ok('identity') })] }) })).toMatchObject({ status: 'pass' });
  });

  it('passes whatever the command line says, when the state is good', () => {
    expect(judge({ kernel: had(aKernel('amd_iommu=off intel_iommu=off')) })).toMatchObject({ status: 'pass' });
    expect(judge({ kernel: failed, platform: failed })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['intel_iommu=off', 'DMAR'],
    ['amd_iommu=off', 'IVRS'],
    ['iommu=off', 'IVRS'],
  ] as const)('names %s as the cause', (word, table) => {
    const outcome = judge({ iommu: anIommu({ ...OFF, firmwareTables: ok([table]) }), kernel: had(aKernel(`quiet ${word}`)) });
    expect(outcome).toMatchObject({ status: 'fail', remedy: { summary: expect.stringContaining(word), steps: expect.any(Array) } });
    expect(outcome).toHaveProperty('message', `the IOMMU is not in force: "${word}" is on the kernel command line`);
    expect(outcome).toHaveProperty('evidence', expect.arrayContaining([{ source: '/proc/cmdline', observed: word }]));
  });

  it('blames the default of the kernel when Intel needs intel_iommu=on', () => {
    expect(judge({ iommu: anIommu(OFF), kernelConfig: had(DEFAULT_OFF) })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('needs "intel_iommu=on"'),
      evidence: expect.arrayContaining([{ source: '/boot/config-6.12.0', observed: 'CONFIG_INTEL_IOMMU_DEFAULT_ON is not set' }]),
    });
  });

  it('does not blame it when the kernel uses the IOMMU by default, and shows what the kernel said', () => {
    const kernelLog = had({
      source: 'dmesg',
      hasBeginning: true,
      lines: ['DMAR: Host address width 39', 'DMAR: Parse DMAR table failure.'],
    });
    expect(judge({ iommu: anIommu(OFF), kernelConfig: had(DEFAULT_ON), kernelLog })).toMatchObject({
      status: 'fail',
      message: 'the IOMMU is not in force: no driver has started',
      evidence: expect.arrayContaining([{ source: 'dmesg', observed: 'DMAR: Parse DMAR table failure.' }]),
    });
  });

  it('says when the kernel was built without the driver', () => {
    const kernelConfig = had({ source: '/proc/config.gz', text: '# CONFIG_AMD_IOMMU is not set\n' });
    expect(judge({ iommu: anIommu({ ...OFF, firmwareTables: ok(['IVRS']) }), kernelConfig })).toMatchObject({
      message: expect.stringContaining('built without CONFIG_AMD_IOMMU'),
    });
  });

  it('sends to the firmware setup when there is no table, and still fails when tables are hidden', () => {
    expect(judge({ iommu: anIommu({ ...OFF, firmwareTables: ok([]) }) })).toMatchObject({
      status: 'fail',
      remedy: { summary: expect.stringContaining('firmware setup') },
    });
    expect(judge({ iommu: anIommu({ ...OFF, firmwareTables: unreadable('failed', 'hidden') }) })).toMatchObject({ status: 'fail' });
  });

  it('fails when VFIO runs without an IOMMU', () => {
    const noIommu = aGroup({ name: ok('vfio-noiommu') });
    expect(judge({ iommu: anIommu({ ...OFF, groups: [noIommu] }) })).toMatchObject({ status: 'fail' });
  });

  it('fails when the GPU is in no group, or in one that VFIO made up, though other devices are translated', () => {
    expect(judge({ pciDevices: had([aPciDevice({ iommuGroup: ABSENT })]) })).toMatchObject({
      status: 'fail',
      message: 'the IOMMU works, but not for 0000:01:00.0',
      evidence: [{ source: '/sys/bus/pci/devices/0000:01:00.0/iommu_group' }, {}],
    });
    const groups = [aGroup({ id: '1', devices: ['0000:00:02.0'] }), aGroup({ name: ok('vfio-noiommu') })];
    expect(judge({ iommu: anIommu({ groups }) })).toMatchObject({ status: 'fail' });
  });

  it('names igfx_off when graphics are left out, and keeps what stands beside it', () => {
    const without = { pciDevices: had([aPciDevice({ iommuGroup: ABSENT })]) };
    expect(judge({ ...without, kernel: had(aKernel('intel_iommu=on,igfx_off')) })).toMatchObject({
      remedy: { summary: 'Write intel_iommu=on instead of intel_iommu=on,igfx_off on the kernel command line' },
    });
    expect(judge({ ...without, kernel: had(aKernel('intel_iommu=igfx_off')) })).toMatchObject({
      remedy: { summary: 'Remove intel_iommu=igfx_off from the kernel command line' },
    });
  });

  it('knows that kernels of Debian leave integrated graphics out unless told', () => {
    const integrated = aPciDevice({ address: '0000:01:00.0', vendor: '8086', device: 'a780', upstream: [], iommuGroup: ABSENT });
    const kernelConfig = had({ source: '/boot/config', text: 'CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n' });
    const added = { remedy: { summary: expect.stringContaining('Add intel_iommu=on') } };
    expect(judge({ pciDevices: had([integrated]), kernelConfig })).toMatchObject(added);
    expect(judge({ pciDevices: had([integrated]), kernelConfig, kernel: had(aKernel('intel_iommu=on')) })).not.toMatchObject(added);
    expect(judge({ pciDevices: had([aPciDevice({ iommuGroup: ABSENT })]), kernelConfig })).not.toMatchObject(added);
  });

  it('could not look when the group of the GPU was not recorded, or the groups were not', async () => {
    const device = aPciDevice({ iommuGroup: unreadable('not-recorded', 'not recorded') });
    expect(judge({ pciDevices: had([device]) })).toMatchObject({ status: 'unknown' });
    expect(await judgeOne(check, { unreadable: { '/sys/kernel/iommu_groups': 'not-recorded' } })).toMatchObject({ status: 'error' });
  });
});
