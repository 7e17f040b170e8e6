import { parseCpuset } from './cpuset.ts';
import { perRoot } from './per-root.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** From which NUMA nodes of the host memory is taken: `<numatune>`. https://libvirt.org/formatdomain.html#numa-node-tuning */
export interface MemoryPolicy {
  readonly element: XmlElement;
  /** `strict` unless told. */
  readonly mode: string;
  /** As written; null: not named. */
  readonly nodeset: string | null;
  /** Null: none is named, or the set cannot be read. */
  readonly nodes: readonly number[] | null;
}

/** What `<numatune>` says. */
export interface NumaTune {
  /** For the whole guest; null: nothing is said. */
  readonly memory: MemoryPolicy | null;
  /** For one NUMA cell of the guest, by its number. */
  readonly cells: ReadonlyMap<number, MemoryPolicy>;
}

/** A guest has at most this many cells; what is beyond is not looked at. */
const MOST_CELLS = 1024;

/** One more than Linux can have. */
const MOST_NODES = 1025;

/** Memory comes from these nodes or not at all: `preferred` and `interleave` take from others where a node is full. */
const BINDING = new Set(['strict', 'restrictive']);

/** Reads `<numatune>`. */
export const numaTuneOf = perRoot(readNumaTune);

function readNumaTune(domain: XmlElement): NumaTune {
  const numatune = first(domain, 'numatune');
  const memory = first(numatune, 'memory');
  const cells = new Map<number, MemoryPolicy>();
  for (const element of all(numatune, 'memnode').slice(0, MOST_CELLS)) {
    const cell = attribute(element, 'cellid');
    if (cell !== null && /^\d{1,4}$/.test(cell)) cells.set(Number(cell), policyOf(element));
  }
  return { memory: memory === undefined ? null : policyOf(memory), cells };
}

function policyOf(element: XmlElement): MemoryPolicy {
  const nodeset = attribute(element, 'nodeset');
  return {
    element,
    mode: attribute(element, 'mode') ?? 'strict',
    nodeset,
    nodes: nodeset === null ? null : (parseCpuset(nodeset)?.slice(0, MOST_NODES) ?? null),
  };
}

/** The nodes that a policy insists on; null when it leaves a choice. */
export function boundNodes(policy: MemoryPolicy | null | undefined): readonly number[] | null {
  return policy !== null && policy !== undefined && BINDING.has(policy.mode) ? policy.nodes : null;
}
