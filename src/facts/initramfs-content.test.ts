import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aKernel } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { imageCandidates, initramfsContent, parseInitramfsListing } from './initramfs-content.ts';

const DEBIAN_LISTING = [
  'etc/modprobe.d/vfio.conf',
  'usr/lib/modprobe.d/aliases.conf',
  'usr/lib/modules/6.1.0-38-amd64/kernel/drivers/vfio/pci/vfio-pci.ko',
  'usr/lib/modules/6.1.0-38-amd64/kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko.xz',
].join('\n');
const DRACUT_LISTING = [
  'Image: /boot/initramfs-6.12.9.img: 36M',
  'drwxr-xr-x   2 root     root            0 Jan  1  2024 etc/modprobe.d',
  '-rw-r--r--   1 root     root           41 Jan  1  2024 etc/modprobe.d/vfio.conf',
  '-rw-r--r--   1 root     root        12345 Jan  1  2024 usr/lib/modules/6.12.9/kernel/drivers/vfio/pci/vfio-pci.ko.xz',
].join('\n');

describe('parseInitramfsListing', () => {
  it('reads lsinitramfs', () => {
    const { modules, modprobeFiles } = parseInitramfsListing(DEBIAN_LISTING);
    expect([...modules]).toEqual(['vfio_pci', 'amdgpu']);
    expect([...modprobeFiles]).toEqual(['vfio.conf', 'aliases.conf']);
  });

  it('reads lsinitrd', () => {
    const { modules, modprobeFiles } = parseInitramfsListing(DRACUT_LISTING);
    expect([[...modules], [...modprobeFiles]]).toEqual([['vfio_pci'], ['vfio.conf']]);
  });

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const name of parseInitramfsListing(`${text}/${text}.ko`).modules) expect(name).toMatch(/^\w+$/);
      }),
    );
  });
});

describe('imageCandidates', () => {
  it('follows what systemd-boot put on the command line, without microcode', () => {
    const running = aKernel(String.raw`initrd=\amd-ucode.img initrd=\initramfs-linux.img root=UUID=1`, '6.12.9-arch1-1');
    expect(imageCandidates(running, 'mkinitcpio', null, 'linux')).toEqual([
      '/boot/initramfs-linux.img',
      '/efi/initramfs-linux.img',
      '/boot/efi/initramfs-linux.img',
    ]);
  });

  it('knows the names of each tool', () => {
    const running = aKernel('BOOT_IMAGE=/boot/vmlinuz-linux-zen', '6.12.9-zen1');
    expect(imageCandidates(running, 'mkinitcpio', null, null)).toEqual(['/boot/initramfs-linux-zen.img']);
    expect(imageCandidates(running, 'initramfs-tools', null, null)[0]).toBe('/boot/initrd.img-6.12.9-zen1');
    expect(imageCandidates(running, 'dracut', 'abc', null)).toContain('/efi/abc/6.12.9-zen1/initrd');
  });

  it('does not follow a command line out of the boot folders', () => {
    expect(imageCandidates(aKernel('initrd=/../../etc/shadow BOOT_IMAGE=vmlinuz-../x'), null, null, null)).toEqual([]);
  });
});

const LIST = 'lsinitramfs /boot/initrd.img-6.1.0-38-amd64';

function host(given: MemoryHost = {}): MemoryHost {
  return {
    ...given,
    files: {
      '/proc/cmdline': 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-38-amd64 root=UUID=1',
      '/proc/sys/kernel/osrelease': '6.1.0-38-amd64\n',
      '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
      '/usr/sbin/update-initramfs': '',
      '/usr/sbin/mkinitramfs': '',
      '/etc/initramfs-tools/initramfs.conf': '',
      '/boot/initrd.img-6.1.0-38-amd64': 'x',
      '/etc/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:2684\n',
      '/sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n',
      '/sys/bus/pci/devices/0000:01:00.0/device': '0x2684\n',
      '/sys/bus/pci/devices/0000:01:00.0/class': '0x030000\n',
      ...given.files,
    },
    links: { '/sys/bus/pci/devices/0000:01:00.0/driver': '../../../bus/pci/drivers/vfio-pci', ...given.links },
  };
}

describe('initramfsContent', () => {
  it('lists the image of the running kernel', async () => {
    const value = await valueOf(initramfsContent, host({ commands: { [LIST]: DEBIAN_LISTING } }));
    expect(value).toMatchObject({ image: '/boot/initrd.img-6.1.0-38-amd64', source: LIST });
    expect(value.modules.has('vfio_pci')).toBe(true);
  });

  it('names configuration that is newer than the image', async () => {
    const stats = { '/etc/modprobe.d/vfio.conf': { mtimeMs: 2000 }, '/boot/initrd.img-6.1.0-38-amd64': { mtimeMs: 1000 } };
    const value = await valueOf(initramfsContent, host({ commands: { [LIST]: DEBIAN_LISTING }, stats }));
    expect(value.newerFiles).toEqual(['/etc/modprobe.d/vfio.conf']);
  });

  it('does not list anything when nothing names vfio-pci', async () => {
    const attempt = await collect(initramfsContent, host({ files: { '/etc/modprobe.d/vfio.conf': '' } }));
    expect(attempt).toMatchObject({ ok: false, error: { reason: 'not listed, because nothing names vfio-pci' } });
  });

  it('fails when the tool refuses', async () => {
    const commands = { [LIST]: { exitCode: 1, stdout: '', stderr: 'cpio: permission denied\n' } };
    expect(await collect(initramfsContent, host({ commands }))).toMatchObject({
      ok: false,
      error: { source: LIST, reason: 'cpio: permission denied' },
    });
  });

  it('fails when the tool shows only the microcode', async () => {
    const stderr = "'/usr/lib/dracut/skipcpio' not found, cannot display remaining contents!\n";
    const commands = { [LIST]: { exitCode: 0, stdout: '-rw-r--r-- 1 root root 2 kernel/x86/microcode/AuthenticAMD.bin\n', stderr } };
    expect(await collect(initramfsContent, host({ commands }))).toMatchObject({ ok: false, error: { reason: stderr.trim() } });
  });

  it('fails without the tool', async () => {
    expect(await collect(initramfsContent, host())).toMatchObject({ ok: false, error: { source: LIST, reason: 'not there' } });
  });

  it('fails when the boot folder is closed to the user', async () => {
    const attempt = await collect(initramfsContent, host({ unreadable: { '/boot/initrd.img-6.1.0-38-amd64': 'denied' } }));
    expect(attempt).toMatchObject({ ok: false, error: { source: '/boot/initrd.img-6.1.0-38-amd64', reason: 'permission denied' } });
  });
});
