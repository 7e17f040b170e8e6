import { ABSENT, mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import type { FileSystemSpace, HostSource } from '../host/source.ts';
import type { DefinedDomain } from './domains.ts';
import { type Attempt, defineFact } from './fact.ts';
import { judgedDomains, type JudgedDomains } from './judged-domains.ts';
import { type Mount, mounts } from './mounts.ts';
import { platform } from './platform.ts';
import { libvirtFolder } from './qemu-conf.ts';
import { parseNoCopyOnWrite, parsePool, parseQcow2Size } from './storage-formats.ts';
import { readText, valueOrNull } from './read.ts';
import { blockInfoArgv, type ConnectionUri, parseBlockInfo } from '../libvirt/virsh.ts';

/** A disk of a judged domain that is a file. */
export interface DiskImage {
  readonly domain: string;
  readonly path: string;
  readonly format: string | null;
  /** Length of the file on the host, bytes; absent: it is not there. */
  readonly fileBytes: Reading<number>;
  /** What the guest may fill, bytes: for qcow2 from its header, for other formats the length of the file. */
  readonly guestBytes: Reading<number>;
}

/** A folder that disk images lie in, or would lie in. */
export interface ImageFolder {
  readonly path: string;
  /** Who names it: a domain, a pool, or libvirt's default. */
  readonly source: string;
  /** The folder itself, or the nearest one above that exists. */
  readonly existing: string;
  readonly space: Reading<FileSystemSpace>;
  /** Null: what is mounted could not be read. */
  readonly mount: Mount | null;
  /** On Btrfs: is copy-on-write off for new files (`chattr +C`)? Absent elsewhere. */
  readonly noCopyOnWrite: Reading<boolean>;
}

export interface Storage {
  readonly images: readonly DiskImage[];
  /** None on Proxmox VE, which has its own storages. */
  readonly folders: readonly ImageFolder[];
  /** Absent: no pool is defined. Unreadable: `folders` may lack some. */
  readonly pools: Reading<readonly string[]>;
  readonly domains: Attempt<readonly string[]>;
  /** Judged domains with a disk that is named by pool or network: where it lies was not looked up. */
  readonly elsewhere: readonly string[];
}

/** Where the disks of the judged domains lie, else where new ones would: the targets of the pools, else libvirt's default. */
export const storage = defineFact({
  id: 'storage',
  wants: { judgedDomains, mounts, platform },
  async collect(host, facts, { config }): Promise<Storage> {
    const isSession = config.connection === 'qemu:///session';
    const home = valueOrNull(host.environment('HOME')) ?? '/root';
    const distribution = facts.platform.ok ? facts.platform.value.distribution : null;
    const images = await diskImages(host, config.connection, facts.judgedDomains);
    const pools = await readPools(host, isSession ? `${home}/.config/libvirt/storage` : `${libvirtFolder(distribution)}/storage`);
    const standard = isSession ? `${home}/.local/share/libvirt/images` : '/var/lib/libvirt/images';
    const named = uniquePaths([
      ...images.map(({ path, domain }) => ({ path: parentOf(path), source: domain })),
      ...(images.length > 0 || pools.state !== 'ok' ? [] : pools.value),
    ]);
    const hasOwnVms = facts.platform.ok && facts.platform.value.hasOwnVms === true;
    const folders = named.length > 0 || hasOwnVms ? named : [{ path: standard, source: 'libvirt’s default' }];
    return {
      images,
      folders: await Promise.all(folders.map((folder) => lookAt(host, folder, facts.mounts))),
      pools: mapReading(pools, (found) => found.map(({ source }) => source)),
      domains: facts.judgedDomains.ok
        ? { ok: true, value: facts.judgedDomains.value.domains.map(({ definition }) => definition.name) }
        : facts.judgedDomains,
      elsewhere: facts.judgedDomains.ok
        ? facts.judgedDomains.value.domains.filter(hasUnnamedDisk).map(({ definition }) => definition.name)
        : [],
    };
  },
});

function hasUnnamedDisk({ definition: { disks } }: DefinedDomain): boolean {
  return disks.some(({ device, source }) => device === 'disk' && source === null);
}

interface NamedFolder {
  readonly path: string;
  readonly source: string;
}

function uniquePaths(folders: readonly NamedFolder[]): NamedFolder[] {
  return folders.filter(({ path }, index) => folders.findIndex((other) => other.path === path) === index);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

async function diskImages(host: HostSource, uri: ConnectionUri, judged: Attempt<JudgedDomains>): Promise<DiskImage[]> {
  const images = (judged.ok ? judged.value.domains : []).flatMap(({ definition: { name, uuid, disks } }) =>
    disks.flatMap(({ device, source, format }) => {
      if (device !== 'disk' || !source?.startsWith('/')) return [];
      const stat = host.stat(source);
      if (stat.state === 'ok' && stat.value.kind !== 'file') return [];
      const fileBytes = mapReading(stat, ({ size }) => size);
      const guestBytes = format === 'qcow2' ? qcow2Size(host, source) : fileBytes;
      return [{ uuid, image: { domain: name, path: source, format, fileBytes, guestBytes } }];
    }),
  );
  return Promise.all(images.map(({ uuid, image }) => askLibvirt(host, uri, uuid, image)));
}

function isDenied({ fileBytes, guestBytes }: DiskImage): boolean {
  return [fileBytes, guestBytes].some((reading) => reading.state === 'unreadable' && reading.reason === 'denied');
}

/** Images belong to root or to QEMU's user; libvirt tells their sizes to everybody. */
async function askLibvirt(host: HostSource, uri: ConnectionUri, uuid: string | null, image: DiskImage): Promise<DiskImage> {
  if (uuid === null || !isDenied(image)) return image;
  const result = await host.run(blockInfoArgv(uri, uuid, image.path));
  const sizes = result.state === 'ok' && result.value.exitCode === 0 ? parseBlockInfo(result.value.stdout) : null;
  return sizes === null ? image : { ...image, fileBytes: ok(sizes.physical), guestBytes: ok(sizes.capacity) };
}

function qcow2Size(host: HostSource, path: string): Reading<number> {
  const header = host.readRange(path, 0, 32);
  if (header.state !== 'ok') return header;
  const size = parseQcow2Size(header.value);
  return size === null ? unreadable('failed', 'it has no qcow2 header') : ok(size);
}

/** libvirt keeps one file for each pool. Those without a folder (LVM, iSCSI, RBD) are passed over. */
async function readPools(host: HostSource, folder: string): Promise<Reading<readonly NamedFolder[]>> {
  const names = host.list(folder);
  if (names.state !== 'ok') return names;
  const pools: NamedFolder[] = [];
  for (const name of names.value.filter((file) => file.endsWith('.xml'))) {
    const text = readText(host, `${folder}/${name}`);
    if (text.state === 'unreadable') return text;
    const pool = text.state === 'ok' ? await parsePool(text.value) : null;
    if (pool !== null) pools.push({ path: pool.path, source: `pool ${pool.name}` });
  }
  return pools.length === 0 ? ABSENT : ok(pools);
}

async function lookAt(host: HostSource, { path, source }: NamedFolder, mounted: Attempt<readonly Mount[]>): Promise<ImageFolder> {
  let existing = path;
  let space = host.space(existing);
  while (space.state === 'absent' && existing !== '/') {
    existing = parentOf(existing);
    space = host.space(existing);
  }
  const mount = mounted.ok ? mountOf(valueOrNull(host.real(existing)) ?? existing, mounted.value) : null;
  return { path, source, existing, space, mount, noCopyOnWrite: mount?.type === 'btrfs' ? await attributes(host, existing) : ABSENT };
}

/** The file system that a path is on: the deepest mount, of several on one folder the last. */
export function mountOf(path: string, mounted: readonly Mount[]): Mount | null {
  const holds = ({ target }: Mount): boolean => path === target || path.startsWith(target === '/' ? '/' : `${target}/`);
  return mounted
    .filter(holds)
    .reduce<Mount | null>((best, mount) => (mount.target.length >= (best?.target.length ?? 0) ? mount : best), null);
}

async function attributes(host: HostSource, path: string): Promise<Reading<boolean>> {
  const result = await host.run(['lsattr', '-d', '--', path]);
  if (result.state !== 'ok') return result.state === 'absent' ? unreadable('failed', 'lsattr is not installed') : result;
  const flag = parseNoCopyOnWrite(result.value.stdout);
  return flag === null ? unreadable('failed', `lsattr ended with ${result.value.exitCode}`) : ok(flag);
}
