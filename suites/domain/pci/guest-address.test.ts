import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import { aHostdev, aPciController } from '../../../test/host-device.ts';
import rule from './guest-address.ts';

const Q35 = "<os><type machine='q35'>hvm</type></os>";
const controllerAt1f2 = (type: string) => `<controller type='${type}'><address type='pci' bus='0' slot='0x1f' function='2'/></controller>`;
const judge = (...devices: string[]) => judgeDomain(rule, { body: Q35, gpu: false, devices: devices.join('') });

describe(rule.id, () => {
  it('passes when each address is used once', () => {
    expect(judge(aHostdev({ guest: '05:00.0' }), aHostdev({ guest: '05:00.1' }))).toMatchObject([
      { status: 'pass', evidence: [{ observed: '2 PCI addresses, each used once' }] },
    ]);
  });

  it('fails on an address that is used twice, written in two ways', () => {
    const video = "<video>\n<address type='pci' bus='5' slot='0'/></video>";
    expect(judge(aHostdev({ guest: '05:00.0' }), video)).toMatchObject([
      {
        status: 'fail',
        message: '<video> has the guest address 0000:05:00.0, and so has <hostdev>',
        location: { column: 1 },
        evidence: [{}, { observed: expect.stringContaining("bus='0x05'") }],
      },
    ]);
  });

  it('fails on a slot that a root port does not have', () => {
    expect(judge(aPciController(5, 'pcie-root-port'), aHostdev({ guest: '05:01.0' }))).toMatchObject([
      { status: 'fail', message: '<hostdev> is in slot 1 of bus 5, a root port, which has slot 0 only (0000:05:01.0)' },
    ]);
    expect(judge(aPciController(5, 'pcie-to-pci-bridge'), aHostdev({ guest: '05:01.0' }))).toMatchObject([{ status: 'pass' }]);
    expect(judge(aHostdev({ guest: '00:05.0' }))).toMatchObject([{ status: 'pass' }]);
  });

  it('fails on a PCI domain that the guest does not have', () => {
    expect(judge(aHostdev({ guest: '0001:05:00.0' }))).toMatchObject([
      { status: 'fail', message: '<hostdev> is in PCI domain 1 of the guest, and there is only 0 (0001:05:00.0)' },
    ]);
  });

  it('fails on slot 0 of a bridge to conventional PCI', () => {
    expect(judge(aPciController(5, 'pcie-to-pci-bridge'), aHostdev({ guest: '05:00.0' }))).toMatchObject([
      { status: 'fail', message: expect.stringContaining('whose slots begin with 1') },
    ]);
  });

  it('knows what the machine has itself, and its controllers', () => {
    expect(judge(aHostdev({ guest: '00:1f.3' }))).toMatchObject([
      { status: 'fail', message: expect.stringContaining('has a device of its own') },
    ]);
    expect(judge(controllerAt1f2('sata'))).toMatchObject([{ status: 'pass' }]);
    expect(judge(controllerAt1f2('usb'))).toMatchObject([{ status: 'fail' }]);
    expect(judge(aHostdev({ guest: '00:1f.4' }))).toMatchObject([{ status: 'pass' }]);
  });

  it('knows what an i440fx has', () => {
    for (const [guest, status] of [
      ['00:01.0', 'fail'],
      ['00:01.3', 'fail'],
      ['00:01.1', 'pass'],
      ['00:1f.0', 'pass'],
    ] as const)
      expect(judgeDomain(rule, { gpu: false, devices: aHostdev({ guest }) })).toMatchObject([{ status }]);
  });

  it('takes 00:00.0 for an address that libvirt is to choose', () => {
    expect(judge(aHostdev({ guest: '00:00.0' }), aHostdev({ guest: '00:00.0' }))).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('says nothing where libvirt has not given addresses yet', () => {
    expect(judgeOneDomain(rule, { devices: "<sound><address type='pci'/></sound>" })).toMatchObject({ status: 'not-applicable' });
  });

  it('stays short and fast with thousands of devices at one address', () => {
    expect(judge(...Array.from({ length: 5000 }, () => "<rng><address type='pci' bus='1' slot='0'/></rng>"))).toHaveLength(20);
  });
});
