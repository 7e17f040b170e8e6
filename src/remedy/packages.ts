import type { RemedyStep } from '../engine/outcome.ts';
import type { Distribution, Platform } from '../facts/platform.ts';

export type Software = 'libvirt' | 'qemu' | 'ovmf' | 'swtpm' | 'dnsmasq' | 'firewall' | 'virt-manager' | 'kvmfr';

const DEBIAN: Readonly<Record<Software, string | null>> = {
  libvirt: 'libvirt-daemon-system libvirt-clients',
  qemu: 'qemu-system-x86 qemu-utils',
  ovmf: 'ovmf',
  swtpm: 'swtpm swtpm-tools',
  dnsmasq: 'dnsmasq-base',
  firewall: 'nftables',
  'virt-manager': 'virt-manager',
  kvmfr: null,
};

const FEDORA: typeof DEBIAN = {
  libvirt: 'libvirt-daemon-kvm libvirt-daemon-config-network libvirt-client',
  qemu: 'qemu-kvm qemu-img',
  ovmf: 'edk2-ovmf',
  swtpm: 'swtpm swtpm-tools',
  dnsmasq: 'dnsmasq',
  firewall: 'nftables',
  'virt-manager': 'virt-manager',
  kvmfr: null,
};

/** Package names by distribution; null: not packaged, built from source. */
const PACKAGES: Readonly<Record<Exclude<Distribution, 'nixos'>, typeof DEBIAN>> = {
  debian: DEBIAN,
  ubuntu: DEBIAN,
  proxmox: { ...DEBIAN, qemu: 'pve-qemu-kvm', ovmf: 'pve-edk2-firmware' },
  fedora: FEDORA,
  'fedora-atomic': FEDORA,
  opensuse: {
    ...FEDORA,
    libvirt: 'libvirt-daemon-qemu libvirt-daemon-config-network libvirt-client',
    qemu: 'qemu-x86 qemu-tools',
    ovmf: 'qemu-ovmf-x86_64',
    swtpm: 'swtpm',
  },
  arch: {
    libvirt: 'libvirt',
    qemu: 'qemu-desktop',
    ovmf: 'edk2-ovmf',
    swtpm: 'swtpm',
    dnsmasq: 'dnsmasq',
    firewall: 'nftables',
    'virt-manager': 'virt-manager',
    kvmfr: null,
  },
};

const INSTALL: Readonly<Record<Exclude<Distribution, 'nixos'>, string>> = {
  debian: 'apt install',
  ubuntu: 'apt install',
  proxmox: 'apt install',
  fedora: 'dnf install',
  'fedora-atomic': 'rpm-ostree install',
  opensuse: 'zypper install',
  arch: 'pacman -S --needed',
};

/** Options of NixOS that bring the software, in place of packages. */
const NIXOS: Readonly<Record<Software, string>> = {
  libvirt: 'virtualisation.libvirtd.enable = true;',
  qemu: 'virtualisation.libvirtd.enable = true;',
  // The option for OVMF is on by default, and gone since 25.11.
  ovmf: 'virtualisation.libvirtd.enable = true;',
  swtpm: 'virtualisation.libvirtd.qemu.swtpm.enable = true;',
  dnsmasq: 'virtualisation.libvirtd.enable = true;',
  firewall: 'networking.nftables.enable = true;',
  'virt-manager': 'programs.virt-manager.enable = true;',
  kvmfr: 'boot.extraModulePackages = [ config.boot.kernelPackages.kvmfr ];',
};

const FROM_SOURCE: Readonly<Partial<Record<Software, string>>> = {
  kvmfr: 'build and install the kvmfr module of the same release with DKMS: https://looking-glass.io/docs/stable/ivshmem_kvmfr/',
};

/** Steps that install software by this distribution's package names. */
export function installSteps(platform: Platform, software: readonly Software[]): RemedyStep[] {
  const { distribution } = platform;
  if (distribution === null) return [{ text: `install ${software.join(', ')} with the package manager` }];
  if (distribution === 'nixos') {
    const lines = [...new Set(software.map((name) => NIXOS[name]))];
    return [...lines.map((line) => ({ file: '/etc/nixos/configuration.nix', line })), { run: 'nixos-rebuild switch' }];
  }
  const names = software.flatMap((name) => PACKAGES[distribution][name] ?? []);
  const built = software
    .filter((name) => PACKAGES[distribution][name] === null)
    .map((name) => ({ text: FROM_SOURCE[name] ?? `install ${name}` }));
  const install = { run: `${INSTALL[distribution]} ${names.join(' ')}`, ...(distribution === 'fedora-atomic' ? { reboot: true } : {}) };
  return names.length === 0 ? built : [install, ...built];
}
