import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseFirmwareFramebuffers } from './io-memory.ts';

// /proc/iomem of kernel 6.1 (Debian) in QEMU, vga=791, shortened.
const VESA = `00000000-00000fff : Reserved
000a0000-000bffff : PCI Bus 0000:00
000c0000-000c9bff : Video ROM
c0000000-febfffff : PCI Bus 0000:00
  fd000000-fdffffff : PCI Bus 0000:01
    fd000000-fdffffff : 0000:01:00.0
      fd000000-fdffffff : vesafb
  fe000000-fe003fff : 0000:00:02.0
    fe000000-fe003fff : virtio-pci-modern
  fe810000-fe813fff : 0000:01:00.0
fed80000-fed83fff : amd_iommu
`;

describe('parseFirmwareFramebuffers', () => {
  it('finds the device in whose window the framebuffer lies', () => {
    expect(parseFirmwareFramebuffers(VESA)).toEqual([{ name: 'vesafb', device: '0000:01:00.0' }]);
  });

  it('needs no addresses, which an ordinary user reads as zeros', () => {
    const hidden = VESA.replaceAll(/[0-9a-f]{8}-[0-9a-f]{8}/g, '00000000-00000000');
    expect(parseFirmwareFramebuffers(hidden)).toEqual([{ name: 'vesafb', device: '0000:01:00.0' }]);
  });

  it('finds no device for a framebuffer outside of every window', () => {
    expect(parseFirmwareFramebuffers('80000000-8fffffff : PCI Bus 0000:00\n90000000-907e8fff : BOOTFB\n')).toEqual([
      { name: 'BOOTFB', device: null },
    ]);
  });

  it('looks through a reservation between window and framebuffer', () => {
    const text = '    e0000000-efffffff : 0000:01:00.0\n      e0000000-e07e8fff : BOOTFB\n        e0000000-e07e8fff : simple-framebuffer\n';
    expect(parseFirmwareFramebuffers(text).map(({ device }) => device)).toEqual(['0000:01:00.0', '0000:01:00.0']);
  });

  it('ignores what a display driver holds', () => {
    expect(parseFirmwareFramebuffers('fb000000-fbffffff : 0000:00:02.0\n  fb000000-fbffffff : bochs-drm\n')).toEqual([]);
  });

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseFirmwareFramebuffers(text)).toBeInstanceOf(Array);
      }),
    );
  });
});
