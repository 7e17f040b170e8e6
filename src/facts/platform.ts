import type { Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { readText, required, valueOrNull } from './read.ts';

export type Distribution = 'arch' | 'debian' | 'ubuntu' | 'fedora' | 'fedora-atomic' | 'opensuse' | 'nixos' | 'proxmox';
export type BootLoader = 'grub' | 'systemd-boot' | 'kernel-install' | 'uki' | 'refind' | 'limine';
export type InitramfsTool = 'mkinitcpio' | 'dracut' | 'initramfs-tools';

/** What decides how a change is made permanent on this host. Null: could not be told; remedies then name the ways there are. */
export interface Platform {
  readonly distribution: Distribution | null;
  /** `ID` of os-release, which can be a derivative (`linuxmint`, `endeavouros`, `pop`). */
  readonly id: string | null;
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  readonly bootLoader: BootLoader | null;
  readonly initramfsTool: InitramfsTool | null;
  /** Where the EFI system partition is mounted; null on BIOS machines or when unknown. */
  readonly esp: string | null;
  /**
   * Proxmox VE without libvirt: its own `qm` runs the VMs, as root, from its own configuration and storages. Installing
   * Debian's libvirt there takes Proxmox's QEMU away.
   */
  readonly hasOwnVms?: boolean;
}

/** Distribution, boot loader and initramfs tool, from files that every user can read. */
export const platform = defineFact({
  id: 'platform',
  collect(host): Platform {
    const release = parseOsRelease(required('/etc/os-release', osRelease(host)));
    const distribution = distributionOf(host, release);
    const esp = espMount(valueOrNull(readText(host, '/proc/self/mounts')) ?? '');
    const bootLoader = bootLoaderOf(host, distribution, esp);
    return {
      distribution,
      id: release.get('ID') ?? null,
      name: release.get('PRETTY_NAME') ?? release.get('NAME') ?? release.get('ID') ?? 'Linux',
      bootLoader,
      initramfsTool: distribution === 'nixos' ? null : initramfsToolOf(host),
      esp,
      ...(hasOwnVms(host, distribution) ? { hasOwnVms: true } : {}),
    };
  },
});

function hasOwnVms(host: HostSource, distribution: Distribution | null): boolean {
  if (distribution !== 'proxmox') return false;
  return ['/usr/sbin/libvirtd', '/usr/sbin/virtqemud'].every((daemon) => host.stat(daemon).state === 'absent');
}

/** /etc/os-release is a link to /usr/lib/os-release on most systems, and may be missing on image-based ones. */
function osRelease(host: HostSource): Reading<string> {
  const own = readText(host, '/etc/os-release', 65_536);
  return own.state === 'ok' ? own : readText(host, '/usr/lib/os-release', 65_536);
}

/** os-release(5): `KEY=value`, quoted or not. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const entries = text.split('\n').flatMap((line): [string, string][] => {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim());
    if (match?.[1] === undefined || match[2] === undefined) return [];
    const quoted = /^(["'])(.*)\1$/.exec(match[2]);
    return [[match[1], (quoted?.[2] ?? match[2]).replaceAll(/\\(["'\\$`])/g, '$1')]];
  });
  return new Map(entries);
}

const FAMILIES: readonly (readonly [RegExp, Distribution])[] = [
  [/^nixos$/, 'nixos'],
  [/^(ubuntu|linuxmint|pop|neon|zorin|elementary)$/, 'ubuntu'],
  [/^(debian|raspbian|kali|devuan)$/, 'debian'],
  [/^(arch|archarm|endeavouros|manjaro|cachyos|garuda|artix)$/, 'arch'],
  [/^(opensuse.*|suse|sles|sled|sle.*)$/, 'opensuse'],
  [/^(fedora|rhel|centos|rocky|almalinux|nobara)$/, 'fedora'],
];

function distributionOf(host: HostSource, release: ReadonlyMap<string, string>): Distribution | null {
  const exists = (path: string): boolean => host.stat(path).state === 'ok';
  if (exists('/etc/pve') || exists('/usr/bin/pveversion')) return 'proxmox';
  const ids = [release.get('ID') ?? '', ...(release.get('ID_LIKE') ?? '').split(/\s+/)];
  const family = ids.flatMap((id) => FAMILIES.find(([pattern]) => pattern.test(id))?.[1] ?? [])[0] ?? null;
  return family === 'fedora' && exists('/run/ostree-booted') ? 'fedora-atomic' : family;
}

/** EFI variables of the boot loader interface: https://systemd.io/BOOT_LOADER_INTERFACE/ */
const LOADER_GUID = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

function bootLoaderOf(host: HostSource, distribution: Distribution | null, esp: string | null): BootLoader | null {
  const exists = (path: string): boolean => host.stat(path).state === 'ok';
  const announced = efiText(host, `LoaderInfo-${LOADER_GUID}`);
  if (/^grub/i.test(announced)) return openSuseBls(host, distribution) ? 'kernel-install' : 'grub';
  if (/^limine/i.test(announced)) return 'limine';
  if (/^refind/i.test(announced)) return 'refind';
  if (efiText(host, `StubInfo-${LOADER_GUID}`) !== '') return 'uki';
  if (/^systemd-boot/i.test(announced)) return managesEntries(host) ? 'kernel-install' : 'systemd-boot';
  const root = esp ?? '/boot/efi';
  if (openSuseBls(host, distribution)) return 'kernel-install';
  if (exists('/boot/grub/grub.cfg') || exists('/boot/grub2/grub.cfg') || exists('/etc/default/grub')) return 'grub';
  if (exists('/boot/limine.conf') || exists('/boot/limine/limine.conf') || exists('/etc/default/limine')) return 'limine';
  if (exists('/boot/refind_linux.conf') || exists(`${root}/EFI/refind/refind.conf`)) return 'refind';
  if (exists(`${root}/loader/loader.conf`) || exists('/boot/loader/loader.conf'))
    return managesEntries(host) ? 'kernel-install' : 'systemd-boot';
  return null;
}

/** /etc/kernel/cmdline is read by kernel-install and proxmox-boot-tool, never by entries written by hand. */
function managesEntries(host: HostSource): boolean {
  return host.stat('/etc/kernel/cmdline').state === 'ok' || host.stat('/etc/kernel/proxmox-boot-uuids').state === 'ok';
}

function openSuseBls(host: HostSource, distribution: Distribution | null): boolean {
  if (distribution !== 'opensuse') return false;
  return /^LOADER_TYPE="?(grub2-bls|systemd-boot)"?/m.test(valueOrNull(readText(host, '/etc/sysconfig/bootloader')) ?? '');
}

/** An EFI variable of text: four bytes of attributes, then UTF-16; empty when there is none. */
function efiText(host: HostSource, name: string): string {
  const bytes = valueOrNull(host.read(`/sys/firmware/efi/efivars/${name}`, 4096));
  return bytes === null ? '' : new TextDecoder('utf-16le').decode(bytes.subarray(4)).replaceAll('\0', '');
}

function initramfsToolOf(host: HostSource): InitramfsTool | null {
  const tools: readonly (readonly [string, InitramfsTool])[] = [
    ['/usr/sbin/update-initramfs', 'initramfs-tools'],
    ['/etc/mkinitcpio.conf', 'mkinitcpio'],
    ['/usr/bin/dracut', 'dracut'],
    ['/usr/sbin/dracut', 'dracut'],
  ];
  return tools.find(([path]) => host.stat(path).state === 'ok')?.[1] ?? null;
}

function espMount(mounts: string): string | null {
  const vfat = mounts.split('\n').flatMap((line) => /^\S+ (\/\S*) vfat /.exec(line)?.[1] ?? []);
  return ['/efi', '/boot/efi', '/boot'].find((folder) => vfat.includes(folder)) ?? null;
}
