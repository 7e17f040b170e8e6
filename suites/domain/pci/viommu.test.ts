import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import type { QemuVersion } from '../../../src/facts/qemu.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './viommu.ts';

const QEMU = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

function judge(devices: string, version?: QemuVersion, body = '', gpu = true) {
  const emulator = { path: '/usr/bin/qemu-system-x86_64', domains: [], version: ok<QemuVersion>(version ?? [0, 0, 0]) };
  const qemu = version === undefined ? NO_HOST_FACT : ({ ok: true, value: { system: ok(emulator), others: [] } } as const);
  return judgeOneDomain(rule, { attributes: QEMU, devices, body, gpu }, { qemu });
}
const intel = (driver: string) => `<iommu model='intel'>${driver}</iommu>`;
const AMD = "<iommu model='amd'/>";
const MANY = '<vcpu>288</vcpu>';

describe(rule.id, () => {
  it('refuses an intel-iommu without caching mode, as QEMU does', () => {
    for (const driver of ['', "<driver intremap='on'/>"])
      expect(judge(intel(driver))).toMatchObject({ status: 'fail', message: expect.stringContaining('without caching mode') });
    expect(judge(intel(''))).not.toHaveProperty('severity');
    expect(judge(intel("<driver caching_mode='off'/>"))).toMatchObject({ status: 'fail', evidence: [{ observed: "caching_mode='off'" }] });
  });

  it('calls one with caching mode not needed', () => {
    expect(judge(intel("<driver caching_mode='on'/>"))).toMatchObject({ status: 'fail', severity: 'info' });
    const global = "<qemu:commandline><qemu:arg value='-global'/><qemu:arg value='intel-iommu.caching-mode=on'/></qemu:commandline>";
    expect(judge(intel(''), undefined, global)).toMatchObject({ severity: 'info' });
  });

  it('passes where more than 255 vCPUs need it', () => {
    expect(judge(intel("<driver intremap='on' eim='on' caching_mode='on'/>"), undefined, MANY)).toMatchObject({ status: 'pass' });
    expect(judge(intel("<driver eim='on'/>"), undefined, MANY)).toMatchObject({
      status: 'fail',
      remedy: { summary: "Set caching_mode='on' at its <driver>" },
    });
    expect(judge(AMD, [10, 2, 0], MANY)).toMatchObject({ status: 'pass' });
  });

  it.each<[QemuVersion, string]>([
    [[7, 2, 22], 'blocker'],
    [[9, 1, 3], 'blocker'],
    [[9, 2, 0], 'info'],
    [[10, 0, 2], 'info'],
    [[10, 0, 3], 'blocker'],
    [[10, 1, 0], 'blocker'],
    [[10, 2, 0], 'info'],
    [[11, 0, 0], 'info'],
  ])('judges an amd-iommu by the version of QEMU: %j is a %s', (version, severity) => {
    expect(judge(AMD, version)).toMatchObject({ status: 'fail', severity });
  });

  it('does not claim more where the version is not known', () => {
    expect(judge(AMD)).toMatchObject({ status: 'fail', severity: 'blocker' });
  });

  it('accepts an amd-iommu that remaps DMA', () => {
    const global = "<qemu:commandline><qemu:arg value='-global'/><qemu:arg value='amd-iommu.dma-remap=on'/></qemu:commandline>";
    expect(judge(AMD, [10, 2, 0], global)).toMatchObject({ status: 'fail', severity: 'info' });
  });

  it('calls a virtio-iommu not needed', () => {
    expect(judge("<iommu model='virtio'/>")).toMatchObject({ status: 'fail', severity: 'info' });
  });

  it('says nothing without a virtual IOMMU, or without a VFIO device', () => {
    expect(judge('')).toMatchObject({ status: 'not-applicable', message: 'the guest has no virtual IOMMU' });
    expect(judge(intel(''), undefined, '', false)).toMatchObject({ status: 'not-applicable' });
    expect(judge(`${intel('')}<disk type='nvme'><source><address bus='3' slot='0'/></source></disk>`, undefined, '', false)).toMatchObject({
      status: 'not-applicable',
    });
  });
});
