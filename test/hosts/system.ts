import type { MemoryHost } from '../../src/host/memory.ts';
import type { Machine } from './machine.ts';

/** The running kernel and what the distribution built into it. */
export interface Kernel {
  readonly release: string;
  readonly commandLine: string;
  /** Modules that are compiled in. */
  readonly builtIn?: readonly string[];
  /** Lines of modules.alias besides the usual ones. */
  readonly aliases?: readonly string[];
  /** Of its build configuration; null: it is not on this host. */
  readonly config?: string | null;
  /** `dmesg`; null: refused. */
  readonly log?: readonly string[] | null;
  readonly loaded?: readonly string[];
  /** Drivers of cards that are installed; all but nvidia, and what is loaded, unless told. */
  readonly drivers?: readonly string[];
}

/** What every kernel of a distribution has for cards and their other functions; a driver that is not installed is left out. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  nouveau: ['pci:v000010DEd*sv*sd*bc03sc*i*', 'pci:v000012D2d*sv*sd*bc03sc*i*'],
  nvidia: ['pci:v000010DEd*sv*sd*bc06sc80i00*', 'pci:v000010DEd*sv*sd*bc03sc02i00*', 'pci:v000010DEd*sv*sd*bc03sc00i00*'],
  amdgpu: ['pci:v00001002d*sv*sd*bc12sc00i00*', 'pci:v00001002d*sv*sd*bc03sc80i00*', 'pci:v00001002d*sv*sd*bc03sc00i00*'],
  i915: ['pci:v00008086d00004680sv*sd*bc03sc*i*', 'pci:v00008086d0000A780sv*sd*bc03sc*i*', 'pci:v00008086d000056A0sv*sd*bc03sc*i*'],
  xe: ['pci:v00008086d0000A780sv*sd*bc03sc*i*', 'pci:v00008086d000056A0sv*sd*bc03sc*i*'],
  snd_hda_intel: [
    'pci:v000010DEd*sv*sd*bc04sc03i00*',
    'pci:v00001002d0000AB28sv*sd*bc*sc*i*',
    'pci:v00001002d0000AAF0sv*sd*bc*sc*i*',
    'pci:v00008086d00004F90sv*sd*bc*sc*i*',
  ],
  xhci_pci: ['pci:v*d*sv*sd*bc0Csc03i30*'],
  i2c_nvidia_gpu: ['pci:v000010DEd*sv*sd*bc0Csc80i00*'],
  i2c_designware_pci: ['pci:v00001002d000073A4sv*sd*bc*sc*i*'],
  nvme: ['pci:v*d*sv*sd*bc01sc08i02*'],
};

const CPU = {
  intel: { vendor: 'GenuineIntel', flag: 'vmx', table: 'DMAR', module: 'kvm_intel' },
  amd: { vendor: 'AuthenticAMD', flag: 'svm', table: 'IVRS', module: 'kvm_amd' },
} as const;

export function systemParts({ kernel, cpu, iommu = 'on', isVirtual = false }: Machine, isRoot: boolean): MemoryHost {
  const { vendor, flag, table, module } = CPU[cpu];
  const { release, builtIn = [], aliases = [], config = '', log = [] } = kernel;
  const tree = `/lib/modules/${release}`;
  const isOn = iommu === 'on' || iommu === 'no-remapping';
  const prefix = iommu === 'on' ? 'IR-' : '';
  const installed = new Set(kernel.drivers ?? [...Object.keys(ALIASES).filter((name) => name !== 'nvidia'), ...(kernel.loaded ?? [])]);
  const loaded = [...(isVirtual ? [] : [module, 'kvm']), 'vfio', ...(kernel.loaded ?? ['vfio_pci', 'vfio_iommu_type1'])];
  const alias = Object.entries(ALIASES).flatMap(([name, patterns]) =>
    builtIn.includes(name) || !installed.has(name) ? [] : patterns.map((pattern) => `alias ${pattern} ${name}`),
  );
  return {
    files: {
      '/proc/cmdline': `${kernel.commandLine}\n`,
      '/proc/sys/kernel/osrelease': `${release}\n`,
      '/proc/version': `Linux version ${release} (gcc) #1 SMP PREEMPT_DYNAMIC\n`,
      '/proc/cpuinfo': `processor\t: 0\nvendor_id\t: ${vendor}\nmodel name\t: a CPU\nflags\t\t: fpu ${isVirtual ? 'hypervisor' : flag} pdpe1gb\n\n`,
      '/proc/interrupts': [
        '            CPU0       CPU1       ',
        `  0:         36          0  ${prefix}IO-APIC    2-edge      timer`,
        ...(isOn && cpu === 'intel' ? ['120:          0          0  DMAR-MSI    0-edge      dmar0'] : []),
        ...(isOn && cpu === 'amd' ? [' 25:          0          0  PCI-MSI-0000:00:00.2    0-edge      AMD-Vi0-Evt'] : []),
        ` 60:     120311          0  ${prefix}PCI-MSIX-0000:03:00.0    0-edge      nvme0q0`,
        ` 61:       4411          0  ${prefix}PCI-MSI-0000:00:14.0    0-edge      xhci_hcd`,
        '',
      ].join('\n'),
      '/proc/modules': loaded.map((name) => `${name} 16384 0 - Live 0x0000000000000000\n`).join(''),
      '/proc/self/status': `Name:\tnode\nPid:\t4242\nUid:\t${isRoot ? '0\t0\t0\t0' : '1000\t1000\t1000\t1000'}\nGid:\t${isRoot ? '0\t0\t0\t0' : '1000\t1000\t1000\t1000'}\nGroups:\t${isRoot ? '0' : '1000 992'} \n`,
      '/etc/passwd':
        'root:x:0:0::/root:/bin/bash\nlibvirt-qemu:x:64055:109::/var/lib/libvirt:/usr/sbin/nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n',
      '/etc/group': 'root:x:0:\nkvm:x:992:libvirt-qemu\nlibvirt-qemu:x:109:\nlibvirt:x:120:anna\nanna:x:1000:\n',
      '/sys/firmware/acpi/tables/FACP': '',
      '/sys/firmware/efi/config_table': '',
      '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': Buffer.from([6, 0, 0, 0, 0]),
      '/sys/kernel/security/lockdown': '[none] integrity confidentiality\n',
      '/sys/kernel/security/lsm': 'capability,landlock,lockdown,yama',
      '/sys/module/module/parameters/sig_enforce': 'N\n',
      ...(iommu === 'no-table' ? {} : { [`/sys/firmware/acpi/tables/${table}`]: '' }),
      ...(isOn && cpu === 'amd' ? { '/sys/class/iommu/ivhd0/amd-iommu/cap': '40\n' } : {}),
      ...(isOn && cpu === 'intel' ? { '/sys/class/iommu/dmar0/intel-iommu/ecap': 'f050da\n' } : {}),
      ...(loaded.includes('vfio_iommu_type1') ? { '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'N\n' } : {}),
      [`${tree}/modules.dep`]: 'kernel/drivers/gpu/drm/nouveau/nouveau.ko.zst: kernel/drivers/gpu/drm/drm.ko.zst\n',
      [`${tree}/modules.alias`]: `${[...alias, ...aliases].join('\n')}\n`,
      [`${tree}/modules.builtin`]: `${builtIn.map((name) => `kernel/drivers/${name}.ko`).join('\n')}\n`,
      [`${tree}/modules.builtin.modinfo`]: builtIn
        .flatMap((name) => (ALIASES[name] ?? []).map((pattern) => `${name}.alias=${pattern}\0`))
        .join(''),
      [`${tree}/kernel/drivers/vfio/vfio_iommu_type1.ko.zst`]: '',
      [`${tree}/kernel/drivers/vfio/pci/vfio-pci.ko.zst`]: '',
      ...(config === null ? {} : { [`/boot/config-${release}`]: config }),
    },
    folders: [
      isVirtual ? '/sys/class/misc' : '/sys/class/misc/kvm',
      ...(isOn ? [] : ['/sys/class/iommu']),
      `/sys/module/${module}/parameters`,
      '/etc/modprobe.d',
      '/run/systemd/sessions',
    ],
    stats: isVirtual ? {} : { '/dev/kvm': { kind: 'character-device', mode: 0o666, uid: 0, gid: 992 } },
    unreadable: isRoot ? {} : { [`/sys/firmware/acpi/tables/${table}`]: 'denied' },
    commands:
      log === null
        ? { dmesg: { exitCode: 1, stdout: '', stderr: 'dmesg: read kernel buffer failed: Operation not permitted\n' } }
        : { dmesg: `[    0.000000] Linux version ${release} (gcc) #1 SMP\n${log.map((line) => `[    1.000000] ${line}\n`).join('')}` },
  };
}
