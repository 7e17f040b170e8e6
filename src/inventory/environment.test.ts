import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { collectEnvironment } from './environment.ts';

async function rows(given: MemoryHost): Promise<Record<string, string>> {
  const store = createFactStore({ host: memoryHost(given), context: { config: DEFAULT_CONFIG }, now: () => 0 });
  return Object.fromEntries((await collectEnvironment(store)).map(({ name, value }) => [name, value]));
}

const EFI = '/sys/firmware/efi';
const VARIABLE = `${EFI}/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`;
const CPUINFO = 'processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD Ryzen 9\nmicrocode\t: 0xa601206\nflags\t\t: svm\n';
const POLICIES = '/sys/devices/system/cpu/cpufreq';

describe('what results hold for', () => {
  it('is the software', async () => {
    const files = {
      '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
      '/proc/cmdline': 'root=/dev/sda1 amd_iommu=on\n',
      '/proc/sys/kernel/osrelease': '6.12.0\n',
      '/proc/cpuinfo': CPUINFO,
      '/usr/bin/qemu-system-x86_64': '',
      '/usr/share/qemu/firmware/50-edk2.json': JSON.stringify({
        description: 'UEFI',
        'interface-types': ['uefi'],
        mapping: { device: 'flash', executable: { filename: '/usr/share/OVMF/CODE.fd', format: 'raw' } },
        targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
        features: [],
        tags: [],
      }),
      '/usr/share/OVMF/CODE.fd': '',
    };
    const links = { '/usr/lib/x86_64-linux-gnu/libvirt.so.0': 'libvirt.so.0.9000.0' };
    const commands = {
      '/usr/bin/qemu-system-x86_64 --version': { exitCode: 0, stdout: 'QEMU emulator version 7.2.22 (Debian)\n', stderr: '' },
    };
    expect(await rows({ files, links, commands })).toMatchObject({
      Distribution: 'Debian GNU/Linux 12 (bookworm)',
      Kernel: '6.12.0',
      'Kernel command line': 'amd_iommu=on (1 other word not shown)',
      Microcode: '0xa601206',
      libvirt: '9.0',
      QEMU: '7.2.22',
      'UEFI for guests': '/usr/share/OVMF/CODE.fd',
    });
  });

  it('is how firmware and kernel are set', async () => {
    const files = {
      '/proc/cpuinfo': CPUINFO,
      '/proc/cmdline': '',
      '/proc/meminfo': 'MemTotal: 65536000 kB\nHugepagesize: 2048 kB\n',
      [VARIABLE]: '\u0006\u0000\u0000\u0000\u0001',
      '/sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
      '/sys/module/kvm_amd/parameters/npt': 'Y\n',
      '/sys/module/kvm_amd/parameters/avic': 'N\n',
      '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'Y\n',
      [`${POLICIES}/policy0/scaling_driver`]: 'amd-pstate-epp\n',
      [`${POLICIES}/policy0/scaling_governor`]: 'powersave\n',
      [`${POLICIES}/policy0/energy_performance_preference`]: 'balance_performance\n',
      [`${POLICIES}/policy1/scaling_governor`]: 'performance\n',
      [`${POLICIES}/policy1/energy_performance_preference`]: 'performance\n',
      '/sys/devices/system/cpu/online': '0-7\n',
      '/sys/devices/system/cpu/isolated': '4-7\n',
      '/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages': '16\n',
      '/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages': '2\n',
      '/sys/kernel/mm/hugepages/hugepages-1048576kB/resv_hugepages': '0\n',
      '/sys/kernel/mm/hugepages/hugepages-1048576kB/surplus_hugepages': '0\n',
      '/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_overcommit_hugepages': '0\n',
      '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
      '/sys/kernel/mm/ksm/run': '1\n',
    };
    expect(await rows({ files, folders: [EFI] })).toMatchObject({
      'Boot mode': 'UEFI',
      'Secure Boot': 'on',
      'Kernel lockdown': 'integrity',
      'Module kvm_amd': 'npt on, avic off',
      IOMMU: 'not in force',
      'Unsafe interrupts of VFIO': 'allowed',
      'CPU governor': '1 × powersave (balance_performance), 1 × performance (performance); driver amd-pstate-epp',
      'Isolated CPUs': '4-7',
      Hugepages: '16 × 1 GiB, 2 free',
      'Transparent hugepages': 'madvise',
      'Merging of equal pages (KSM)': 'running',
    });
  });

  it('does not call Secure Boot off where nothing says so', async () => {
    const folders = [EFI, '/sys/firmware/efi/efivars'];
    expect(await rows({ folders })).not.toHaveProperty('Secure Boot');
    expect(await rows({ folders, files: { [VARIABLE]: new Uint8Array([6, 0, 0, 0, 0]) } })).toHaveProperty('Secure Boot', 'off');
  });

  it('has no line for what could not be looked at', async () => {
    const unreadable = {
      '/proc/cmdline': 'denied',
      '/proc/cpuinfo': 'denied',
      '/etc/os-release': 'denied',
      '/usr/lib/os-release': 'denied',
      [VARIABLE]: 'denied',
      '/sys/class/iommu': 'denied',
      '/sys/kernel/mm/ksm/run': 'denied',
      '/sys/kernel/mm/hugepages': 'denied',
      '/usr/share/qemu/firmware': 'denied',
    } as const;
    const found = Object.keys(await rows({ files: { '/proc/meminfo': 'MemTotal: 1 kB\n' }, folders: [EFI], unreadable }));
    const hidden = ['Distribution', 'Kernel command line', 'Microcode', 'Secure Boot', 'IOMMU', 'Hugepages', 'UEFI for guests'];
    expect(found.filter((name) => hidden.includes(name) || name.includes('KSM'))).toEqual([]);
    expect(found).toContain('Boot mode');
  });
});
