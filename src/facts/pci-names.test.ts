import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { pciClassName, pciDeviceName, pciNames } from './pci-names.ts';

const DEVICE = {
  '/sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n',
  '/sys/bus/pci/devices/0000:01:00.0/device': '0x2684\n',
  '/sys/bus/pci/devices/0000:01:00.0/class': '0x030000\n',
};
const GPU = { vendor: '10de', device: '2684', classCode: '030000' };

describe('pciNames', () => {
  it('reads the first file that is there', async () => {
    const text =
      '10de  NVIDIA Corporation\n\t2684  AD102 [GeForce RTX 4090] – é\nC 03  Display controller\n\t00  VGA compatible controller\n';
    const names = await valueOf(pciNames, { files: { ...DEVICE, '/usr/share/misc/pci.ids': text } });
    expect(pciDeviceName(names, GPU)).toBe('NVIDIA Corporation AD102 [GeForce RTX 4090] – é');
    expect(pciClassName(names, GPU)).toBe('VGA compatible controller');
  });

  it('is empty without the file, and names fall back to ids', async () => {
    const names = await valueOf(pciNames, { files: DEVICE, unreadable: { '/usr/share/misc/pci.ids': 'denied' } });
    expect(names.size).toBe(0);
    expect(pciDeviceName(names, GPU)).toBe('10de:2684');
    expect(pciClassName(names, GPU)).toBeNull();
    expect(pciDeviceName(new Map([['10de', 'NVIDIA Corporation']]), GPU)).toBe('NVIDIA Corporation 10de:2684');
  });
});
