import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { usbDevices } from './usb-devices.ts';

const AT = '/sys/bus/usb/devices';

describe('usbDevices', () => {
  it('reads devices, and passes over root hubs and interfaces', async () => {
    const found = await valueOf(usbDevices, {
      files: {
        [`${AT}/usb1/idVendor`]: '1d6b\n',
        [`${AT}/1-2.3/idVendor`]: '046D\n',
        [`${AT}/1-2.3/idProduct`]: 'c539\n',
        [`${AT}/1-2.3/busnum`]: '1\n',
        [`${AT}/1-2.3/devnum`]: '7\n',
        [`${AT}/1-2.3/product`]: 'USB Receiver\n',
        [`${AT}/1-2.3/serial`]: 'SECRET\n',
        [`${AT}/1-2.3:1.0/bInterfaceClass`]: '03\n',
        [`${AT}/2-1/busnum`]: 'x\n',
      },
    });
    expect(found).toEqual([
      {
        name: '1-2.3',
        vendor: { state: 'ok', value: '046d' },
        product: { state: 'ok', value: 'c539' },
        bus: 1,
        device: 7,
        title: 'USB Receiver',
      },
      { name: '2-1', vendor: { state: 'absent' }, product: { state: 'absent' }, bus: null, device: null, title: null },
    ]);
  });

  it('a machine without USB has none', async () => expect(await valueOf(usbDevices, {})).toEqual([]));
});
