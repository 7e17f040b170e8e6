import { describe, expect, it } from 'vitest';

import { judgeDomain } from '../../../test/domain-rule.ts';
import rule from './controllers.ts';

const machine = (name: string) => `<os><type arch='x86_64' machine='${name}'>hvm</type></os>`;
const controller = (type: string, index: string, model: string) => `<controller type='${type}' index='${index}' model='${model}'/>`;
const judge = (name: string, ...devices: readonly string[]) => judgeDomain(rule, { body: machine(name), devices: devices.join('\n    ') });
const messages = (...given: Parameters<typeof judge>) => judge(...given).map(({ message }) => message);

describe('domain/pci/controllers', () => {
  it('takes the root bus of each machine', () => {
    expect(judge('pc-q35-9.0', controller('pci', '0', 'pcie-root'))).toMatchObject([{ status: 'pass' }]);
    expect(judge('pc-i440fx-9.0', controller('pci', '0', 'pci-root'))).toMatchObject([{ status: 'pass' }]);
    expect(judge('microvm', controller('pci', '0', 'pci-root'))).toMatchObject([{ status: 'pass' }]);
  });

  it('says nothing where libvirt chooses them', () => {
    expect(judge('q35')).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('refuses the root bus of the machine that it was', () => {
    expect(judge('q35', controller('pci', '0', 'pci-root'))).toMatchObject([
      {
        status: 'fail',
        message: 'the machine q35 has the root bus pcie-root, not pci-root',
        evidence: [{ observed: "model='pci-root'" }],
      },
    ]);
    expect(messages('pc', controller('pci', '0', 'pcie-root'))).toEqual(['the machine pc has the root bus pci-root, not pcie-root']);
  });

  it('refuses a root bus with another number', () => {
    expect(messages('q35', controller('pci', '1', 'pcie-root'))).toEqual(['the pcie-root of the machine q35 has an index other than 0']);
  });

  it('refuses two of one type with one number, in whatever base it is written', () => {
    const ports = [controller('pci', '1', 'pcie-root-port'), controller('pci', '0x1', 'pcie-root-port')];
    expect(messages('q35', ...ports)).toEqual(['there are two pci controllers with index 1']);
    expect(messages('q35', controller('scsi', '0', 'virtio-scsi'), controller('sata', '0', 'ahci'))).toEqual(['2 controllers']);
  });

  it('knows the companions of a USB 2 controller', () => {
    const usb = ['ich9-ehci1', 'ich9-uhci1', 'ich9-uhci2'].map((model) => controller('usb', '0', model));
    expect(judge('q35', ...usb)).toMatchObject([{ status: 'pass' }]);
  });
});
