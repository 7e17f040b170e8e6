import { describe, expect, it } from 'vitest';

import { judge } from '../../test/judge.ts';
import type { MemoryHost } from '../../src/host/memory.ts';
import { checks } from '../registry.ts';

const SOFTWARE = /^preflight\/(kvm|libvirt|qemu|firmware|tpm|storage|media|looking-glass)\/|^preflight\/memory\/hugepages/;
const FIRMWARE = '/usr/share/pve-edk2-firmware/OVMF_CODE_4M.secboot.fd';
const POOL = '/sys/kernel/mm/hugepages/hugepages-2048kB';

/** Proxmox VE 8 with its own QEMU, firmware and swtpm; no libvirt, no user libvirt-qemu. */
const PROXMOX: MemoryHost = {
  files: {
    '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\ntss:x:104:111::/var/lib/tpm:/bin/false\n',
    '/etc/group': 'root:x:0:\nkvm:x:103:\ntss:x:111:\n',
    '/proc/self/status': 'Pid:\t77\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0 \n',
    '/proc/self/mounts': '/dev/mapper/pve-root / ext4 rw 0 0\n',
    '/proc/meminfo': 'MemTotal: 33554432 kB\nHugepagesize: 2048 kB\n',
    '/proc/net/unix': 'Num       RefCount Protocol Flags    Type St Inode Path\n',
    '/usr/bin/pveversion': '',
    '/usr/bin/qemu-system-x86_64': '',
    [FIRMWARE]: '',
    ...Object.fromEntries(['nr', 'free', 'resv', 'surplus', 'nr_overcommit'].map((name) => [`${POOL}/${name}_hugepages`, '0\n'])),
    '/etc/swtpm-localca.conf': 'statedir = /var/lib/swtpm-localca\n',
  },
  stats: {
    '/dev/kvm': { kind: 'character-device', mode: 0o660, gid: 103 },
    '/var/lib/swtpm-localca': { kind: 'directory', mode: 0o750, uid: 0, gid: 0 },
    ...Object.fromEntries(['swtpm', 'swtpm_setup', 'swtpm_ioctl'].map((name) => [`/usr/bin/${name}`, { mode: 0o755 }])),
  },
  space: { '/': { totalBytes: 20e9, availableBytes: 9e9 } },
  commands: { '/usr/bin/qemu-system-x86_64 --version': 'QEMU emulator version 9.2.0 (pve-qemu-kvm_9.2.0-5)\n' },
};

describe('Proxmox VE, which runs its VMs without libvirt', () => {
  it('is told to install nothing, and misses nothing that it has elsewhere', async () => {
    const { results } = await judge(
      checks.filter(({ id }) => SOFTWARE.test(id)),
      PROXMOX,
    );
    const notFine = results.filter(({ status }) => !['pass', 'not-applicable'].includes(status));
    expect(notFine.map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
    const status = (id: string): string | undefined => results.find((result) => result.id === `preflight/${id}`)?.status;
    expect(['kvm/device', 'qemu/version', 'firmware/ovmf', 'tpm/swtpm'].map(status)).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(['libvirt/daemon', 'libvirt/access', 'storage/space'].map(status)).toEqual(Array(3).fill('not-applicable'));
  });

  it('is judged like any other host once libvirt is installed', async () => {
    const files = { ...PROXMOX.files, '/usr/sbin/libvirtd': '' };
    const { verdict, results } = await judge(
      checks.filter(({ id }) => SOFTWARE.test(id)),
      { ...PROXMOX, files },
    );
    expect(verdict).toBe('NO-GO');
    expect(results.find(({ id }) => id === 'preflight/libvirt/daemon')).toMatchObject({
      message: 'libvirtd is installed and does not run',
    });
  });
});
