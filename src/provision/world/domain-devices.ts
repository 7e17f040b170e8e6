import { disksOf, isHardDisk, plainPath } from '../../domain/disks.ts';
import { hostDevices } from '../../domain/host-devices.ts';
import { interfacesOf, macAddress } from '../../domain/interfaces.ts';
import { all, attribute, first, textAt, type XmlElement } from '../../domain/xml.ts';
import { readMark } from '../diff/mark.ts';

/** What of the host a domain names in its definition. */
export interface DomainDevices {
  /** Files and devices behind its disks and drives, with the images below them as far as they are written (while it runs). */
  readonly files: readonly string[];
  /** Disks, not drives, that are files: another image can be below each of them. */
  readonly images: readonly string[];
  /** Disks that are named by pool and volume. */
  readonly volumes: readonly { readonly pool: string; readonly volume: string }[];
  readonly macs: readonly string[];
  readonly pciDevices: readonly string[];
  /** The spec whose mark it bears. */
  readonly owner: string | null;
  /** Files of UEFI variables. */
  readonly nvrams: readonly string[];
}

export function domainDevices(root: XmlElement): DomainDevices {
  const disks = disksOf({ root });
  const sources = disks.flatMap(({ element }) => sourcesBelow(element));
  return {
    files: sources.flatMap((source) => FILES.flatMap((name) => attribute(source, name) || [])).map(plainPath),
    images: disks.flatMap((disk) => (disk.type === 'file' && isHardDisk(disk) && disk.path !== null ? [plainPath(disk.path)] : [])),
    volumes: sources.flatMap((source) => {
      const [pool, volume] = [attribute(source, 'pool'), attribute(source, 'volume')];
      return pool === null || volume === null ? [] : [{ pool, volume }];
    }),
    macs: interfacesOf({ root }).flatMap(({ mac }) => macAddress(attribute(mac, 'address')) ?? []),
    pciDevices: hostDevices({ root }).flatMap(({ address }) => address ?? []),
    owner: readMark(root)?.owner ?? null,
    nvrams: [textAt(root, 'os', 'nvram') || attribute(first(root, 'os', 'nvram', 'source'), 'file')]
      .flatMap((path) => path || [])
      .map(plainPath),
  };
}

const FILES = ['file', 'dev', 'dir'];

/** Its own, those of the images below it, and the copy that a block job is making. */
function sourcesBelow(disk: XmlElement): readonly XmlElement[] {
  const below = ['backingStore', 'mirror'].flatMap((name) => all(disk, name));
  return [...all(disk, 'source'), ...below.flatMap(sourcesBelow)];
}
