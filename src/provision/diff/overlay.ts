import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';
import { below, childrenOf, valueOf } from './item.ts';
import { partners } from './lists.ts';

/** A disk that is wanted, and whose domain writes to another image. */
export interface OtherSource {
  /** `vda` */
  readonly target: string;
  /** What is wanted. */
  readonly desired: string;
  /** What the domain has: a file, a device, or `POOL/VOLUME`; null where it has nothing. */
  readonly live: string | null;
  /** The definition says that its image is built on the wanted one: an external snapshot was made. */
  readonly isOverlay: boolean;
}

const LONGEST_CHAIN = 64;

/** The images of a disk, the one that is written to first. Inactive definitions have the chain after a snapshot only. */
export function chainOf(disk: XmlElement): readonly string[] {
  const chain: string[] = [];
  let layer: XmlElement | undefined = disk;
  for (let depth = 0; layer !== undefined && depth < LONGEST_CHAIN; depth += 1) {
    const source = sourceOf(layer);
    if (source !== null) chain.push(source);
    layer = below(layer, 'backingStore');
  }
  return chain;
}

function sourceOf(disk: XmlElement | Tree): string | null {
  const source = below<XmlElement | Tree>(disk, 'source');
  const volume = valueOf(source, 'volume');
  return valueOf(source, 'file') ?? valueOf(source, 'dev') ?? (volume === null ? null : `${valueOf(source, 'pool') ?? ''}/${volume}`);
}

/** Disks, CD drives left out, whose image in the definition is not the one that is wanted: writing that over it may lose data. */
export function overlayOf(desired: Tree, live: XmlElement): readonly OtherSource[] {
  const wanted = childrenOf(below(desired, 'devices'), 'disk');
  const pairs = partners('domain/devices/disk', wanted, childrenOf(below(live, 'devices'), 'disk'));
  return wanted.flatMap((disk) => {
    const source = sourceOf(disk);
    const partner = pairs.get(disk);
    if (partner === undefined || source === null || (valueOf(disk, 'device') ?? 'disk') !== 'disk') return [];
    const [top = null, ...base] = chainOf(partner);
    if (top === source) return [];
    return [{ target: valueOf(below(partner, 'target'), 'dev') ?? '', desired: source, live: top, isOverlay: base.includes(source) }];
  });
}
