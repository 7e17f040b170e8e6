import { describe, expect, it } from 'vitest';

import { aGpu, aGroup, aKernel, anAudioFunction, anIommu, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { PCI_BRIDGE_SPACE, ROOT_PORT_SPACE, TRUNCATED_SPACE } from '../../../test/pci-spaces.ts';
import { parsePciConfigSpace } from '../../../src/facts/pci-config-space.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import check from './group-isolated.ts';

const had = <T>(value: T) => ({ ok: true, value }) as const;
const PORT = aPciDevice({ address: '0000:00:01.0', classCode: '060400', driver: ok('pcieport'), upstream: [] });
const NVME = aPciDevice({ address: '0000:02:00.0', classCode: '010802', driver: ok('nvme') });
const GPU = [aPciDevice(), anAudioFunction()];
const SHARED = aGroup({ devices: ['0000:00:01.0', '0000:01:00.0', '0000:01:00.1', '0000:02:00.0'] });

type Facts = Parameters<typeof check.evaluate>[0];

function judge(given: Partial<Facts>) {
  return check.evaluate({
    iommu: anIommu(),
    passthrough: aPassthrough(),
    pciDevices: [PORT, ...GPU, NVME],
    kernel: had(aKernel()),
    domains: had([]),
    pciConfig: configOf(ROOT_PORT_SPACE.map((byte, at) => (at === 0x14e ? 0 : byte))),
    ...given,
  });
}

/** What the port reads. */
function configOf(bytes: Uint8Array): Facts['pciConfig'] {
  const space = parsePciConfigSpace(bytes);
  return had(new Map(space === null ? [] : [['0000:00:01.0', ok(space)]]));
}

describe(check.id, () => {
  it('passes when the group holds only what is passed through', () => {
    expect(judge({})).toEqual([
      {
        subject: '0000:01:00.0',
        outcome: { status: 'pass', evidence: [{ source: '/sys/kernel/iommu_groups/12/devices', observed: '0000:01:00.0, 0000:01:00.1' }] },
      },
    ]);
  });

  it('leaves it to all-functions when the host holds another function of the card itself', () => {
    const audio = anAudioFunction({ driver: ok('snd_hda_intel') });
    const functions = [aPciDevice(), audio];
    const given = { passthrough: aPassthrough([aGpu(functions)]), pciDevices: [PORT, ...functions] };
    expect(judge(given)).toMatchObject([{ outcome: { status: 'not-applicable', message: expect.stringContaining('gpu/all-functions') } }]);
    const held = [aPciDevice({ driver: ok('nvidia') }), audio];
    expect(judge({ passthrough: aPassthrough([aGpu(held)]), pciDevices: [PORT, ...held] })).toMatchObject([
      { outcome: { status: 'pass' } },
    ]);
  });

  it('passes when the port above is in the group, on its own driver', () => {
    const group = aGroup({ devices: ['0000:00:01.0', '0000:01:00.0', '0000:01:00.1'] });
    expect(judge({ iommu: anIommu({ groups: [group] }) })).toMatchObject([
      { outcome: { status: 'pass', message: '0000:00:01.0 (pcieport) may stay in the group' } },
    ]);
  });

  it('fails when a host driver holds a member, and names the port that merged the group', () => {
    expect(judge({ iommu: anIommu({ groups: [SHARED] }) })).toMatchObject([
      {
        subject: '0000:01:00.0',
        outcome: {
          status: 'fail',
          message:
            'IOMMU group 12 also holds 0000:02:00.0 (nvme); 0000:00:01.0 is a root port whose Access Control Services lack SrcValid, ReqRedir, CmpltRedir, UpstreamFwd',
          evidence: [
            { source: '/sys/kernel/iommu_groups/12/devices' },
            { source: '/sys/kernel/iommu_groups/12/devices/0000:02:00.0/driver', observed: 'nvme' },
            { source: '/sys/bus/pci/devices/0000:00:01.0/config' },
          ],
        },
      },
    ]);
  });

  it('blames a bridge to conventional PCI and advises another slot', () => {
    expect(judge({ iommu: anIommu({ groups: [SHARED] }), pciConfig: configOf(PCI_BRIDGE_SPACE) })).toMatchObject([
      {
        outcome: {
          message: expect.stringContaining('0000:00:01.0 is a bridge to conventional PCI'),
          remedy: { steps: [{ text: 'Move the card to a PCI Express slot' }, {}] },
        },
      },
    ]);
  });

  it('still fails when only root could see which port it is, and says so', () => {
    expect(judge({ iommu: anIommu({ groups: [SHARED] }), pciConfig: configOf(TRUNCATED_SPACE) })).toMatchObject([
      {
        outcome: {
          status: 'fail',
          message: 'IOMMU group 12 also holds 0000:02:00.0 (nvme)',
          evidence: [{}, {}, { source: '/sys/bus/pci/devices/0000:00:01.0/config', observed: expect.stringContaining('root') }],
        },
      },
    ]);
  });

  it('passes when the other members are passed through too, or no driver holds them', () => {
    const iommu = anIommu({ groups: [SHARED] });
    const passthrough = aPassthrough(undefined, { devices: ['0000:01:00.0', '0000:01:00.1', '0000:02:00.0'] });
    expect(judge({ iommu, passthrough })).toMatchObject([{ outcome: { status: 'pass' } }]);
    expect(judge({ iommu, pciDevices: [PORT, ...GPU, { ...NVME, driver: ABSENT }] })).toMatchObject([{ outcome: { status: 'pass' } }]);
  });

  it('judges each group of what is passed through', () => {
    const groups = [aGroup({ devices: ['0000:01:00.0'] }), aGroup({ id: '13', devices: ['0000:01:00.1', '0000:02:00.0'] })];
    const pciDevices = [PORT, aPciDevice(), anAudioFunction({ iommuGroup: ok('13') }), NVME];
    expect(judge({ iommu: anIommu({ groups }), pciDevices })).toMatchObject([
      { subject: '0000:01:00.0', outcome: { status: 'pass' } },
      { subject: '0000:01:00.1', outcome: { status: 'fail' } },
    ]);
  });

  it('names the functions of one device when no bridge merged them', () => {
    const usb = aPciDevice({ address: '0000:01:00.2', classCode: '0c0330', driver: ok('xhci_hcd') });
    const group = aGroup({ devices: ['0000:01:00.0', '0000:01:00.1', '0000:01:00.2'] });
    const gpus = aPassthrough(undefined, { devices: ['0000:01:00.0', '0000:01:00.1'] });
    expect(judge({ iommu: anIommu({ groups: [group] }), passthrough: gpus, pciDevices: [PORT, ...GPU, usb] })).toMatchObject([
      { outcome: { status: 'fail', message: expect.stringContaining('a function of the same device') } },
    ]);
  });

  it('could not look when a driver, the group or its list is hidden', () => {
    const hidden = unreadable('not-recorded', 'not recorded');
    expect(judge({ iommu: anIommu({ groups: [SHARED] }), pciDevices: [PORT, ...GPU, { ...NVME, driver: hidden }] })).toMatchObject([
      { outcome: { status: 'unknown', evidence: [{ source: '/sys/bus/pci/devices/0000:02:00.0/driver' }] } },
    ]);
    expect(judge({ pciDevices: [aPciDevice({ iommuGroup: hidden })] })).toMatchObject([{ outcome: { status: 'unknown' } }]);
    expect(judge({ pciDevices: [aPciDevice({ iommuGroup: ok('99') })] })).toMatchObject([{ outcome: { status: 'unknown' } }]);
  });

  it('does not apply without an IOMMU or without a device', async () => {
    expect(judge({ iommu: anIommu({ instances: [], groups: [] }) })).toMatchObject({ status: 'not-applicable' });
    expect(judge({ passthrough: aPassthrough([]) })).toMatchObject({ status: 'not-applicable' });
    expect(await judgeOne(check, { unreadable: { '/sys/bus/pci/devices': 'not-recorded' } })).toMatchObject({ status: 'error' });
  });
});
