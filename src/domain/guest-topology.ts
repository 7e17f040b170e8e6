import type { DomainDocument } from './document.ts';
import { unsignedNumber } from './vcpus.ts';
import { attribute, first, type XmlElement } from './xml.ts';

/** Attributes of `<topology>`, the outermost first. */
export const TOPOLOGY_LEVELS = ['sockets', 'dies', 'clusters', 'cores', 'threads'] as const;
type TopologyLevel = (typeof TOPOLOGY_LEVELS)[number];

/** How the guest sees its vCPUs hang together. */
export interface GuestTopology {
  readonly element: XmlElement;
  /** How many of each there are in one of the level above; NaN where libvirt refuses what is written, or wants something. */
  readonly levels: Readonly<Record<TopologyLevel, number>>;
  /** NaN where one level is. */
  readonly product: number;
}

/** `<cpu><topology>`; null without one: then each vCPU is a socket of its own. https://libvirt.org/formatdomain.html#cpu-model-and-topology */
export function guestTopology({ root }: Pick<DomainDocument, 'root'>): GuestTopology | null {
  const element = first(root, 'cpu', 'topology');
  if (element === undefined) return null;
  const levels = {
    sockets: level(element, 'sockets', ''),
    dies: level(element, 'dies', '1'),
    clusters: level(element, 'clusters', '1'),
    cores: level(element, 'cores', ''),
    threads: level(element, 'threads', ''),
  };
  return { element, levels, product: Object.values(levels).reduce((product, count) => product * count, 1) };
}

/** Dies and clusters may be left out, the others may not, and none may be zero. */
function level(element: XmlElement, name: TopologyLevel, missing: '' | '1'): number {
  const count = unsignedNumber(attribute(element, name) ?? missing);
  return count === 0 ? Number.NaN : count;
}

/** Threads of each core of the guest: vCPUs whose numbers follow each other. 1 where the definition does not say. */
export function threadsPerCore(document: Pick<DomainDocument, 'root'>): number {
  const threads = guestTopology(document)?.levels.threads ?? 1;
  return Number.isNaN(threads) ? 1 : threads;
}
