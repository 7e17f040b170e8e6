import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { usbHostDevices } from './usb-host-devices.ts';

const read = (inside: string, policy = '') =>
  usbHostDevices(
    aDocument(aDefinition({ devices: `<hostdev mode='subsystem' type='usb'><source ${policy}>${inside}</source></hostdev>` })),
  )[0];

describe('usbHostDevices', () => {
  it('reads ids and addresses, and passes over the PCI devices', () => {
    expect(read("<vendor id='0x046D'/><product id='0xc539'/>")).toMatchObject({
      id: { vendor: '046d', product: 'c539' },
      address: null,
      isOptional: false,
    });
    expect(read("<address bus='1' device='12'/>", "startupPolicy='optional'")).toMatchObject({
      id: null,
      address: { bus: 1, device: 12 },
      isOptional: true,
    });
    expect(usbHostDevices(aDocument(aDefinition()))).toEqual([]);
  });

  it.each(["<vendor id='046d'/><product id='0xc539'/>", "<vendor id='0x10000'/><product id='0xc539'/>", "<vendor id='0x046d'/>", ''])(
    'takes no id from %j',
    (inside) => {
      expect(read(inside)).toMatchObject({ id: null, address: null });
    },
  );
});
