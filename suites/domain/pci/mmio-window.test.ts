import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aPciDevice } from '../../../test/facts.ts';
import rule from './mmio-window.ts';

const GIB = 1024 ** 3;
const bar = (gib: number, prefetchable = true) => ({ index: 1, sizeBytes: gib * GIB, prefetchable, is64Bit: true });
const windowOf = (mib: number) =>
  `<qemu:commandline><qemu:arg value='-fw_cfg'/><qemu:arg value='name=opt/ovmf/X-PciMmio64Mb,string=${mib}'/></qemu:commandline>`;
const judge = (gib: number, body = '', os = "<os firmware='efi'/>", bars = [bar(gib), bar(64, false)]) =>
  judgeOneDomain(
    rule,
    { attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'", body: os + body },
    { pciDevices: [aPciDevice({ bars })] },
  );

describe(rule.id, () => {
  it('passes below 32 GiB', () => {
    expect(judge(16)).toMatchObject({ status: 'pass', message: 'the large windows need 16 GiB of 32 GiB' });
  });

  it('fails from 32 GiB on', () => {
    expect(judge(32)).toMatchObject({
      status: 'fail',
      message: 'the large windows of what is passed need 32 GiB, and the firmware of the guest reserves 32 GiB',
      evidence: [{}, { source: '/sys/bus/pci/devices/0000:01:00.0/resource', observed: '32 GiB' }],
    });
  });

  it('trusts the address bits of the host CPU, or what OVMF is told', () => {
    expect(judge(32, "<cpu mode='host-passthrough'/>")).toMatchObject({ status: 'pass' });
    expect(judge(32, windowOf(65536))).toMatchObject({ status: 'pass', message: 'the firmware is told to reserve 64 GiB' });
    expect(judge(32, `<cpu mode='host-passthrough'/>${windowOf(16384)}`)).toMatchObject({ status: 'fail' });
  });

  it('says nothing of a guest with a BIOS, and of devices without such a window', () => {
    expect(judge(32, '', '')).toMatchObject({ status: 'not-applicable' });
    expect(judge(0, '', "<os firmware='efi'/>", [])).toMatchObject({ status: 'not-applicable' });
  });
});
