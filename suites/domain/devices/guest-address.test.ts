import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import rule from './guest-address.ts';

const disk = (bus: string, address: string) =>
  `<disk type='file' device='disk'><target dev='sd${bus[0] ?? ''}' bus='${bus}'/><address ${address}/></disk>`;
const drive = (unit: string) => `type='drive' controller='0' bus='0' target='0' unit='${unit}'`;
const redirection = (port: string) => `<redirdev bus='usb' type='spicevmc'><address type='usb' bus='0' port='${port}'/></redirdev>`;
const channel = (port: string) =>
  `<channel type='unix'><target type='virtio' name='a.${port}'/><address type='virtio-serial' controller='0' bus='0' port='${port}'/></channel>`;
const judge = (...devices: readonly string[]) => judgeDomain(rule, { devices: devices.join('\n    ') });
const messages = (...devices: readonly string[]) => judge(...devices).map(({ message }) => message);

describe('domain/devices/guest-address', () => {
  it('takes addresses that are used once', () => {
    const devices = [disk('sata', drive('0')), disk('sata', drive('1')), redirection('2'), redirection('2.1'), channel('1')];
    expect(judge(...devices)).toMatchObject([{ status: 'pass', evidence: [{ observed: '5 addresses, each used once' }] }]);
  });

  it('says nothing where there are none', () => {
    expect(judge("<disk type='file' device='disk'><target dev='sda' bus='sata'/></disk>")).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('refuses the address of a disk that was moved from SATA to virtio, which is the commonest slip of all', () => {
    expect(judge(disk('virtio', drive('0')))).toMatchObject([
      {
        status: 'fail',
        message: 'disk sdv is on the virtio bus, and has an address of the type drive',
        evidence: [{ observed: "type='drive'" }],
      },
    ]);
    expect(messages(disk('sata', "type='pci' domain='0' bus='0' slot='4' function='0'"))).toEqual([
      'disk sds is on the sata bus, and has an address of the type pci',
    ]);
    expect(messages("<input type='mouse' bus='usb'><address type='pci' domain='0' bus='0' slot='4' function='0'/></input>")).toEqual([
      'the input device is on the USB bus, and has an address of the type pci',
    ]);
  });

  it('refuses what a copied element brings', () => {
    expect(messages(redirection('2'), redirection('2'))).toEqual(['two devices are at port 2 of USB bus 0']);
    expect(messages(channel('1'), channel('1'))).toEqual(['two devices are at port 1 of the virtio-serial controller 0']);
    expect(messages(disk('sata', drive('0')), disk('sata', drive('0')))).toEqual([
      'two devices are at unit 0, target 0, bus 0 of the sata controller 0',
    ]);
  });

  it('keeps SATA and SCSI apart, and a place that libvirt chooses', () => {
    expect(judge(disk('sata', drive('0')), disk('scsi', drive('0')))).toMatchObject([{ status: 'pass' }]);
    expect(judge(channel('0'), channel('0'))).toMatchObject([{ status: 'pass' }]);
    expect(judge(redirection(''), redirection(''))).toMatchObject([{ status: 'pass' }]);
  });

  it('stays linear, and names twenty at most', () => {
    expect(judge(redirection('1').repeat(5000))).toHaveLength(20);
  });
});
