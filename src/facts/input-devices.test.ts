import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { hasKey, inputDevices } from './input-devices.ts';

const USB = '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/0003:046D:C31C.0001/input/input5';
const KEYBOARD = '1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe';

describe('inputDevices', () => {
  it('finds keyboards and mice with their controllers, and no button', async () => {
    const host = {
      files: {
        [`${USB}/capabilities/key`]: `${KEYBOARD}\n`,
        [`${USB}/name`]: 'Logitech USB Keyboard\n',
        '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/input/input6/capabilities/key': '70000 0 0 0 0\n',
        '/sys/devices/LNXSYSTM:00/PNP0C0C:00/input/input0/capabilities/key': '10000000000000 0\n',
        '/sys/devices/platform/i8042/serio0/input/input3/capabilities/key': `${KEYBOARD}\n`,
        '/sys/devices/virtual/input/input9/capabilities/key': `${KEYBOARD}\n`,
      },
      links: {
        '/sys/class/input/input5': USB,
        '/sys/class/input/input6': '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/input/input6',
        '/sys/class/input/input0': '/sys/devices/LNXSYSTM:00/PNP0C0C:00/input/input0',
        '/sys/class/input/input3': '/sys/devices/platform/i8042/serio0/input/input3',
        '/sys/class/input/input9': '/sys/devices/virtual/input/input9',
      },
    };
    expect(await valueOf(inputDevices, host)).toEqual([
      { id: 'input3', name: 'input3', kind: 'keyboard', controller: null },
      { id: 'input5', name: 'Logitech USB Keyboard', kind: 'keyboard', controller: '0000:00:14.0' },
      { id: 'input6', name: 'input6', kind: 'mouse', controller: '0000:00:14.0' },
    ]);
  });

  it('finds none on a host without any', async () => {
    expect(await valueOf(inputDevices, {})).toEqual([]);
  });
});

describe('hasKey', () => {
  it('counts bits from the last word on', () => {
    expect(hasKey('2 0', 65)).toBe(true);
    expect(hasKey('2 0', 64)).toBe(false);
    expect(hasKey('1', 700)).toBe(false);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.nat(1000), (text, key) => typeof hasKey(text, key) === 'boolean'));
  });
});
