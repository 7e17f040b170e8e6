import { perRoot } from './per-root.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** One `<disk>` of a definition. https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms */
export interface Disk {
  readonly element: XmlElement;
  /** How messages call it: `vda`, or its source where there is no target. */
  readonly name: string;
  /** `file`, `block`, `network`, `volume`, `nvme` … */
  readonly type: string;
  /** `disk`, `cdrom`, `floppy`, `lun`. */
  readonly device: string;
  /** Name of the target; null when it is missing. */
  readonly target: string | null;
  /** `virtio`, `scsi`, `sata` …, by the target's name where it is not written; null when neither tells. */
  readonly bus: string | null;
  readonly source: XmlElement | undefined;
  /** Path of the file, block device or folder; null: the drive is empty, or the source is elsewhere (pool, network, NVMe). */
  readonly path: string | null;
  readonly driver: XmlElement | undefined;
  /** `mandatory` unless written. */
  readonly startupPolicy: string;
  /** CD-ROM drives always are; a floppy and a disk when they say so. */
  readonly isReadOnly: boolean;
  readonly isShareable: boolean;
  /** What the guest writes is thrown away. */
  readonly isTransient: boolean;
}

/** The disks and drives of a definition, in the order in which they are written. */
export const disksOf = perRoot((root): readonly Disk[] =>
  all(root, 'devices', 'disk').map((element) => {
    const type = attribute(element, 'type') ?? 'file';
    const device = attribute(element, 'device') ?? 'disk';
    const source = first(element, 'source');
    const target = attribute(first(element, 'target'), 'dev');
    const path = pathOf(type, source);
    return {
      element,
      name: (target ?? path ?? 'without a target').slice(0, 80),
      type,
      device,
      target,
      bus: attribute(first(element, 'target'), 'bus') ?? busByName(target),
      source,
      path,
      driver: first(element, 'driver'),
      startupPolicy: attribute(source, 'startupPolicy') ?? 'mandatory',
      isReadOnly: device === 'cdrom' || first(element, 'readonly') !== undefined,
      isShareable: first(element, 'shareable') !== undefined,
      isTransient: first(element, 'transient') !== undefined,
    };
  }),
);

const PATHS: Readonly<Record<string, string>> = { file: 'file', block: 'dev', dir: 'dir' };

function pathOf(type: string, source: XmlElement | undefined): string | null {
  const name = PATHS[type];
  return name === undefined ? null : attribute(source, name) || null;
}

/** libvirt's own order. src/conf/domain_conf.c, virDomainDiskDefParseXML */
const BUSES = [
  ['hd', 'ide'],
  ['sd', 'scsi'],
  ['vd', 'virtio'],
  ['xvd', 'xen'],
  ['ubd', 'uml'],
  ['fd', 'fdc'],
] as const;

function busByName(target: string | null): string | null {
  return BUSES.find(([prefix]) => target?.startsWith(prefix) === true)?.[1] ?? null;
}

/** Is something of the host behind it that the guest keeps its data on: not a drive for media? */
export function isHardDisk({ device }: Pick<Disk, 'device'>): boolean {
  return device === 'disk' || device === 'lun';
}

/** Is an ISO image behind it? Another rule than those about disks speaks of one that is given as a disk. */
export function isIsoImage({ path }: Pick<Disk, 'path'>): boolean {
  return path?.toLowerCase().endsWith('.iso') === true;
}

/** `driver` attributes that say how QEMU treats the image; a disk behind vhost-user has none of them. */
export function driverOption(disk: Pick<Disk, 'driver'>, name: string): string | null {
  return attribute(disk.driver, name);
}

/** The element at which a missing option of the driver is to be written. */
export function driverSpot({ driver, element }: Pick<Disk, 'driver' | 'element'>): XmlElement {
  return driver ?? element;
}

/** Two names of one place read the same: `/a//b/./c` is `/a/b/c`. `..` stays, since a link may be before it. */
export function plainPath(path: string): string {
  if (/^(?:\/(?!\.?(?:\/|$))[^/]*)+$/.test(path)) return path;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return path.startsWith('/') ? `/${parts.join('/')}` : parts.join('/');
}

/** What a disk is on, for comparing: a path through `real`, a volume of a pool, a name on the network; null when it is nothing nameable. */
export function storageKey(disk: Pick<Disk, 'path' | 'type' | 'source'>, real: (path: string) => string): string | null {
  if (disk.path !== null) return `path ${real(plainPath(disk.path))}`;
  const part = (name: string): string => attribute(disk.source, name) ?? '';
  if (disk.type === 'volume' && part('volume') !== '') return `volume ${part('pool')}/${part('volume')}`;
  if (disk.type !== 'network' || part('name') === '') return null;
  const hosts = all(disk.source, 'host').map((host) => `${attribute(host, 'name') ?? ''}:${attribute(host, 'port') ?? ''}`);
  return `network ${part('protocol')} ${hosts.toSorted().join(',')} ${part('name')}`;
}
