import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { hostSummary } from './host-summary.ts';

const GPU = '/sys/bus/pci/devices/0000:01:00.0';
const FILES = {
  '/proc/sys/kernel/hostname': 'gaia\n',
  '/etc/os-release': 'PRETTY_NAME="Arch Linux"\nID=arch\n',
  '/boot/limine.conf': '',
  [`${GPU}/vendor`]: '0x10de\n',
  [`${GPU}/device`]: '0x2684\n',
  [`${GPU}/class`]: '0x030000\n',
  [`${GPU}/uevent`]: 'PCI_CLASS=30000\nPCI_ID=10DE:2684\nPCI_SUBSYS_ID=0000:0000\nPCI_SLOT_NAME=0000:01:00.0\n',
  '/proc/cmdline': '',
};

describe('hostSummary', () => {
  it('names the host, its system and boot loader, and the GPU by pci.ids', async () => {
    const files = { ...FILES, '/usr/share/hwdata/pci.ids': '10de  NVIDIA Corporation\n\t2684  AD102 [GeForce RTX 4090]\n' };
    expect(await valueOf(hostSummary, { files })).toEqual({
      hostname: 'gaia',
      text: 'Arch Linux, Limine · GPU 0000:01:00.0 NVIDIA Corporation AD102 [GeForce RTX 4090] [10de:2684]',
    });
  });

  it('shows the ids alone without pci.ids', async () => {
    expect((await valueOf(hostSummary, { files: FILES })).text).toContain('GPU 0000:01:00.0 [10de:2684]');
  });

  it('has a line for a host of which nothing is known', async () => {
    expect(await valueOf(hostSummary, {})).toEqual({ hostname: null, text: 'unknown distribution' });
  });
});
