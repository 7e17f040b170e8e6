import { describe, expect, it } from 'vitest';

import type { MemoryHost } from '../../../src/host/memory.ts';
import { judge } from '../../../test/judge.ts';
import driverBound from './driver-bound.ts';
import earlyBinding from './early-binding.ts';
import idsUnambiguous from './ids-unambiguous.ts';
import modules from './modules.ts';

// From raw files to results: an NVIDIA card with sound on Debian 12, beside Intel graphics.

const RELEASE = '6.1.0-38-amd64';
const TREE = `/lib/modules/${RELEASE}`;
const IMAGE = `/boot/initrd.img-${RELEASE}`;
const PCI = '/sys/bus/pci/devices';

function hex(text: string, digits: number): string {
  return text.toUpperCase().padStart(digits, '0');
}

function device(address: string, ids: { vendor: string; device: string; class: string }): Record<string, string> {
  const modalias = `pci:v${hex(ids.vendor, 8)}d${hex(ids.device, 8)}sv00001458sd000040BFbc${hex(ids.class.slice(0, 2), 2)}sc${hex(ids.class.slice(2, 4), 2)}i${hex(ids.class.slice(4), 2)}`;
  return {
    [`${PCI}/${address}/vendor`]: `0x${ids.vendor}\n`,
    [`${PCI}/${address}/device`]: `0x${ids.device}\n`,
    [`${PCI}/${address}/class`]: `0x${ids.class}\n`,
    [`${PCI}/${address}/modalias`]: `${modalias}\n`,
  };
}

function host(given: { files?: Record<string, string>; drivers?: Record<string, string>; listing?: string } = {}): MemoryHost {
  const drivers = { '0000:00:02.0': 'i915', '0000:01:00.0': 'vfio-pci', '0000:01:00.1': 'vfio-pci', ...given.drivers };
  const listing = given.listing ?? `etc/modprobe.d/vfio.conf\nusr/lib/modules/${RELEASE}/kernel/drivers/vfio/pci/vfio-pci.ko\n`;
  return {
    files: {
      '/proc/cmdline': `BOOT_IMAGE=/boot/vmlinuz-${RELEASE} root=UUID=1 ro quiet\n`,
      '/proc/sys/kernel/osrelease': `${RELEASE}\n`,
      '/proc/modules': 'vfio_pci 16384 0 - Live 0x0\nvfio_iommu_type1 45056 0 - Live 0x0\n',
      '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
      '/usr/sbin/update-initramfs': '',
      '/usr/sbin/mkinitramfs': '',
      '/etc/initramfs-tools/modules': '# List of modules\nvfio_pci\n',
      '/etc/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:2684,10de:22ba\n',
      [IMAGE]: 'image',
      [`${TREE}/modules.dep`]: 'kernel/drivers/gpu/drm/nouveau/nouveau.ko: kernel/drivers/gpu/drm/drm.ko\n',
      [`${TREE}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
      [`${TREE}/modules.alias`]: 'alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau\nalias pci:v000010DEd*sv*sd*bc04sc03i00* snd_hda_intel\n',
      ...device('0000:00:02.0', { vendor: '8086', device: '4692', class: '030000' }),
      ...device('0000:01:00.0', { vendor: '10de', device: '2684', class: '030000' }),
      ...device('0000:01:00.1', { vendor: '10de', device: '22ba', class: '040300' }),
      ...given.files,
    },
    links: Object.fromEntries(
      Object.entries(drivers).map(([address, driver]) => [`${PCI}/${address}/driver`, `../../../bus/pci/drivers/${driver}`]),
    ),
    commands: { [`lsinitramfs ${IMAGE}`]: listing },
  };
}

async function results(given?: Parameters<typeof host>[0]): Promise<string[]> {
  const report = await judge([modules, driverBound, earlyBinding, idsUnambiguous], host(given));
  return report.results
    .filter(({ status }) => status !== 'pass')
    .map(({ id, subject, status, message }) => `${id} ${subject} ${status}: ${message}`);
}

describe('vfio-pci on a whole host', () => {
  it('passes everything when ids, module and image are right', async () => {
    expect(await results()).toEqual([]);
  });

  it('names a function that is missing in the ids', async () => {
    const files = { '/etc/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:2684\n' };
    expect(await results({ files, drivers: { '0000:01:00.1': 'snd_hda_intel' } })).toEqual([
      'preflight/vfio/driver-bound 0000:01:00.1 fail: 0000:01:00.1 (audio) is held by snd_hda_intel: nothing gives 10de:22ba to vfio-pci',
      'preflight/vfio/early-binding 0000:01:00.1 fail: 0000:01:00.1 (audio) is not bound after the next boot: nothing gives 10de:22ba to vfio-pci',
    ]);
  });

  it('sees that the initramfs was not rebuilt', async () => {
    const listing = `usr/lib/modules/${RELEASE}/kernel/fs/btrfs/btrfs.ko\n`;
    expect(await results({ listing })).toEqual(
      ['0000:01:00.0 fail: 0000:01:00.0 (graphics)', '0000:01:00.1 fail: 0000:01:00.1 (audio)'].map(
        (text) =>
          `preflight/vfio/early-binding ${text} is bound now, but not after the next boot: vfio_pci is configured, but not in ${IMAGE}`,
      ),
    );
  });

  it('knows that sound waits for nobody without the initramfs', async () => {
    const files = {
      '/etc/initramfs-tools/modules': '',
      '/etc/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:2684,10de:22ba\nsoftdep drm pre: vfio-pci\n',
    };
    expect(await results({ files })).toEqual([
      'preflight/vfio/early-binding 0000:01:00.1 fail: 0000:01:00.1 (audio) is bound now, but not after the next boot: snd_hda_intel can be loaded before vfio-pci',
    ]);
  });
});
