import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { parseOsRelease, platform } from './platform.ts';

const DEBIAN_12 = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
ID=debian
`;
const LOADER_INFO = '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
const STUB_INFO = '/sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
const efi = (text: string): Uint8Array => Buffer.concat([Buffer.from([6, 0, 0, 0]), Buffer.from(`${text}\0`, 'utf16le')]);

async function like(text: string): Promise<string | null> {
  return (await valueOf(platform, { files: { '/etc/os-release': text } })).distribution;
}

describe('platform', () => {
  it('knows a Proxmox VE that runs its VMs without libvirt', async () => {
    const files = { '/etc/os-release': DEBIAN_12, '/usr/bin/pveversion': '' };
    expect(await valueOf(platform, { files })).toMatchObject({ distribution: 'proxmox', hasOwnVms: true });
    const withLibvirt = await valueOf(platform, { files: { ...files, '/usr/sbin/libvirtd': '' } });
    expect(withLibvirt.hasOwnVms).toBeUndefined();
    const hidden = await valueOf(platform, { files, unreadable: { '/usr/sbin/virtqemud': 'not-recorded' } });
    expect(hidden.hasOwnVms).toBeUndefined();
  });

  it('reads Debian with GRUB and initramfs-tools', async () => {
    const files = { '/etc/os-release': DEBIAN_12, '/etc/default/grub': '', '/usr/sbin/update-initramfs': '' };
    expect(await valueOf(platform, { files })).toEqual({
      distribution: 'debian',
      id: 'debian',
      name: 'Debian GNU/Linux 12 (bookworm)',
      bootLoader: 'grub',
      initramfsTool: 'initramfs-tools',
      esp: null,
    });
  });

  it('knows derivatives by ID_LIKE', async () => {
    expect(await like('ID=endeavouros\nID_LIKE=arch\n')).toBe('arch');
    expect(await like('ID=newdistro\nID_LIKE="ubuntu debian"\n')).toBe('ubuntu');
    expect(await like('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n')).toBe('opensuse');
    expect(await like('ID=void\n')).toBeNull();
  });

  it('tells Fedora Atomic by ostree and Proxmox by /etc/pve', async () => {
    const bazzite = { '/etc/os-release': 'ID=bazzite\nID_LIKE=fedora\n', '/run/ostree-booted': '' };
    expect((await valueOf(platform, { files: bazzite })).distribution).toBe('fedora-atomic');
    expect((await valueOf(platform, { files: { '/etc/os-release': DEBIAN_12 }, folders: ['/etc/pve'] })).distribution).toBe('proxmox');
  });

  it('believes what the boot loader wrote into EFI variables over left-over files', async () => {
    const files = { '/etc/os-release': 'ID=arch\n', '/boot/grub/grub.cfg': '', [LOADER_INFO]: efi('systemd-boot 256') };
    expect((await valueOf(platform, { files })).bootLoader).toBe('systemd-boot');
    expect((await valueOf(platform, { files: { ...files, '/etc/kernel/cmdline': 'quiet' } })).bootLoader).toBe('kernel-install');
    expect((await valueOf(platform, { files: { ...files, [STUB_INFO]: efi('systemd-stub 256') } })).bootLoader).toBe('uki');
  });

  it('knows the boot loader specification on openSUSE', async () => {
    const files = {
      '/etc/os-release': 'ID=opensuse-tumbleweed\n',
      '/etc/sysconfig/bootloader': 'LOADER_TYPE="grub2-bls"\n',
      '/etc/default/grub': '',
    };
    expect((await valueOf(platform, { files })).bootLoader).toBe('kernel-install');
  });

  it('finds where the EFI system partition is mounted', async () => {
    const files = { '/etc/os-release': 'ID=arch\n', '/proc/self/mounts': '/dev/nvme0n1p1 /boot vfat rw 0 0\n' };
    expect((await valueOf(platform, { files })).esp).toBe('/boot');
  });

  it('is an error without os-release', async () => {
    expect(await collect(platform, {})).toMatchObject({ ok: false, error: { source: '/etc/os-release' } });
  });

  it('takes any bytes', () => {
    fc.assert(fc.property(fc.string(), (text) => parseOsRelease(text) instanceof Map));
  });
});
