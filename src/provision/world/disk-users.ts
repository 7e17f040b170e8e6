import { DomainXmlError } from '../../domain/xml-error.ts';
import { ConnectionError } from '../../libvirt/connection.ts';
import { parsedDefinition } from '../parsed-definition.ts';
import type { DiskUser, LiveDomain, LivePool, LiveVolume } from '../world.ts';
import { type DomainDevices, domainDevices } from './domain-devices.ts';

/** A domain, and what of the host its definitions name: the one for the next start, and the one that it runs with. */
export interface DomainUse {
  readonly domain: LiveDomain;
  readonly devices: readonly DomainDevices[];
}

/** Throws a `ConnectionError` for a definition that is too large to read: what it uses is not known then. */
export function domainUse(domain: LiveDomain): DomainUse {
  const texts = domain.live === null || domain.live === domain.inactive ? [domain.inactive] : [domain.inactive, domain.live];
  return { domain, devices: texts.map((text) => devicesOf(domain, text)) };
}

function devicesOf({ name, uuid }: LiveDomain, text: string): DomainDevices {
  try {
    return domainDevices(parsedDefinition(text));
  } catch (error) {
    if (!(error instanceof DomainXmlError)) throw error;
    throw new ConnectionError(
      `the definition of the VM ${name} cannot be read (line ${error.line}: ${error.message})`,
      `Look at it: virsh dumpxml ${uuid}`,
    );
  }
}

/** Leads a path through its links to the one place that it names; itself where nobody may look. */
export type RealPath = (path: string) => string;

/**
 * Who uses what. `images` tell which is below which, where libvirt does not say it of a domain that does not run. A file of the pools is
 * found under the name that it has there, however a domain or another image calls it.
 */
export function diskUsers(
  uses: readonly DomainUse[],
  {
    pools,
    images,
    real,
  }: { readonly pools: readonly Pick<LivePool, 'name' | 'path'>[]; readonly images: readonly Image[]; readonly real: RealPath },
): readonly DiskUser[] {
  const folders = new Map(pools.map(({ name, path }) => [name, path]));
  const below = new Map(images.map((image) => [real(image.path), image]));
  return uses.map(({ domain, devices }) => ({
    ...markAndNvram(devices),
    domain: domain.name,
    isActive: domain.isActive,
    disks: unique(devices.flatMap((one) => filesOf(one, folders)).flatMap((path) => chain(path, below, real))),
    macs: unique(devices.flatMap(({ macs }) => macs)),
    hostDevices: unique(devices.flatMap(({ pciDevices }) => pciDevices)),
  }));
}

/** The mark is that of the definition for the next start, which comes first. */
function markAndNvram(devices: readonly DomainDevices[]): Pick<DiskUser, 'owner' | 'nvrams'> {
  const owner = devices[0]?.owner ?? null;
  const nvrams = unique(devices.flatMap((one) => one.nvrams));
  return { ...(owner === null ? {} : { owner }), ...(nvrams.length === 0 ? {} : { nvrams }) };
}

type Image = Pick<LiveVolume, 'path' | 'backing'>;

function filesOf({ files, volumes }: DomainDevices, folders: ReadonlyMap<string, string | null>): readonly string[] {
  return [
    ...files,
    ...volumes.flatMap(({ pool, volume }) => {
      const folder = folders.get(pool) ?? null;
      return folder === null ? [] : [`${folder}/${volume}`];
    }),
  ];
}

/** A file and those below it, as far as they are known, by the names that they have in their pools. */
function chain(path: string, below: ReadonlyMap<string, Image>, real: RealPath): readonly string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  let next: string | null = path;
  while (next !== null && !seen.has(real(next))) {
    const place = real(next);
    const image = below.get(place);
    seen.add(place);
    found.push(...(image === undefined ? [next, place] : [image.path]));
    next = image?.backing ?? null;
  }
  return found;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
