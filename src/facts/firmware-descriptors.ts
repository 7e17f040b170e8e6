import { ABSENT, type Reading } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import type { ConnectionUri } from '../libvirt/virsh.ts';
import { domains, type DefinedDomain } from './domains.ts';
import { type Attempt, defineFact } from './fact.ts';
import type { NamedFile, parseFirmwareDescriptor } from './firmware-descriptor-text.ts';
import { optionalList, readText, valueOrNull } from './read.ts';

/** A firmware file that a descriptor or a domain names; `file` is what is there. */
export interface FirmwareFile {
  readonly path: string;
  readonly format: string | null;
  readonly file: Reading<FileStat>;
}

/** One firmware descriptor of QEMU: docs/interop/firmware.json. */
export interface FirmwareDescriptor {
  readonly path: string;
  readonly interfaces: readonly string[];
  /** `flash`, `memory` or `kernel`. */
  readonly device: string;
  /** Null when the descriptor names none. */
  readonly executable: FirmwareFile | null;
  /** Null for firmware without variables of its own (stateless, combined). */
  readonly nvramTemplate: FirmwareFile | null;
  readonly targets: readonly { readonly architecture: string; readonly machines: readonly string[] }[];
  readonly features: readonly string[];
}

/** A file in a descriptor folder that libvirt cannot use. One of kind `broken` makes libvirt refuse to choose any firmware. */
export interface BadDescriptor {
  readonly path: string;
  readonly kind: 'broken' | 'not-understood' | 'hidden';
  readonly detail: string;
}

/** The firmware that libvirt can choose from. */
export interface ListedFirmware {
  /** Sorted by file name: libvirt takes the first that fits. */
  readonly descriptors: readonly FirmwareDescriptor[];
  readonly bad: readonly BadDescriptor[];
  /** The folders that were looked in, the weakest first. */
  readonly folders: readonly string[];
}

export interface FirmwareDescriptors extends ListedFirmware {
  /** Firmware that no descriptor lists but that domains can name by path (NixOS, Proxmox). */
  readonly unlisted: readonly string[];
  /** Loaders that domains name by path. The template of the variables is not here: a VM that has its variables needs it no more. */
  readonly named: readonly { readonly domain: string; readonly firmware: FirmwareFile }[];
}

/** NixOS builds libvirt with the data folder /var/lib/qemu. */
const DATA_FOLDERS = ['/usr/share/qemu/firmware', '/var/lib/qemu/firmware'];
const UNLISTED_FOLDERS = ['/run/libvirt/nix-ovmf', '/usr/share/pve-edk2-firmware'];
/** libvirt reads no more than this of a descriptor. */
const DESCRIPTOR_LIMIT = 2 * 1024 * 1024;

/** UEFI firmware as libvirt finds it, and what domains name beside it. */
export const firmwareDescriptors = defineFact({
  id: 'firmwareDescriptors',
  wants: { domains },
  async collect(host, facts, { config }): Promise<FirmwareDescriptors> {
    return {
      ...(await listedFirmware(host, config.connection)),
      unlisted: UNLISTED_FOLDERS.flatMap((folder) =>
        (valueOrNull(host.list(folder)) ?? []).filter((name) => /CODE.*\.fd$|code\.fd$/.test(name)).map((name) => `${folder}/${name}`),
      ),
      named: namedFirmware(host, facts.domains),
    };
  },
});

/**
 * A file in a stronger folder masks the one of the same name in a weaker folder, an empty file switches it off, hidden files do not
 * count. Throws a `FactError` for a folder that cannot be looked into. libvirt src/qemu/qemu_interop_config.c
 */
export async function listedFirmware(host: HostSource, connection: ConnectionUri): Promise<ListedFirmware> {
  const folders = [...DATA_FOLDERS, '/etc/qemu/firmware', ...(connection === 'qemu:///session' ? userFolders(host) : [])];
  const byName = new Map<string, string>();
  for (const folder of folders) {
    for (const name of optionalList(host, folder)) if (!name.startsWith('.')) byName.set(name, `${folder}/${name}`);
  }
  // The schema costs 3 ms, which a run without a host would pay, too.
  const { parseFirmwareDescriptor: parse } = await import('./firmware-descriptor-text.ts');
  const read = [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => readDescriptor(host, path, parse));
  return {
    descriptors: read.flatMap((result) => (result !== null && 'device' in result ? [result] : [])),
    bad: read.flatMap((result) => (result !== null && 'kind' in result ? [result] : [])),
    folders,
  };
}

function userFolders(host: HostSource): string[] {
  const xdg = valueOrNull(host.environment('XDG_CONFIG_HOME'));
  const home = valueOrNull(host.environment('HOME'));
  const configHome = xdg ?? (home === null ? null : `${home}/.config`);
  return configHome?.startsWith('/') ? [`${configHome}/qemu/firmware`] : [];
}

function namedFirmware(host: HostSource, defined: Attempt<readonly DefinedDomain[]>): FirmwareDescriptors['named'] {
  return (defined.ok ? defined.value : []).flatMap(({ definition: { name, loader } }) =>
    loader?.startsWith('/') ? [{ domain: name, firmware: { path: loader, format: null, file: host.stat(loader) } }] : [],
  );
}

/** Null for a file that libvirt passes over: no regular file, or empty. */
function readDescriptor(host: HostSource, path: string, parse: typeof parseFirmwareDescriptor): FirmwareDescriptor | BadDescriptor | null {
  const stat = host.stat(path);
  // libvirt stops at a link that leads nowhere ("Unable to access").
  if (stat.state === 'absent') return { path, kind: 'broken', detail: 'a link that leads nowhere' };
  if (stat.state === 'unreadable') return { path, kind: 'hidden', detail: stat.detail };
  if (stat.value.kind !== 'file' || stat.value.size === 0) return null;
  const text = readText(host, path, DESCRIPTOR_LIMIT);
  if (text.state !== 'ok') return { path, kind: 'hidden', detail: text.state === 'absent' ? 'it vanished' : text.detail };
  const parsed = parse(text.value);
  if ('kind' in parsed) return { path, ...parsed };
  const file = (named: NamedFile | null): FirmwareFile | null => (named === null ? null : { ...named, file: fileAt(host, named.path) });
  return { ...parsed, path, executable: file(parsed.executable), nvramTemplate: file(parsed.nvramTemplate) };
}

/** A relative name could be anything: it is as good as none. */
function fileAt(host: HostSource, path: string): Reading<FileStat> {
  return path.startsWith('/') ? host.stat(path) : ABSENT;
}
