import type { PciMember } from './pci-members.ts';

/** The members as they hang below each other: places in the list of members. */
export interface PciForest {
  /** For each root bus what hangs on it; `name` is null for what has no known place. */
  readonly roots: readonly { readonly name: string | null; readonly places: readonly number[] }[];
  /** What is below each member. */
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** The bridge above; missing for what hangs on a root bus. */
  readonly parents: ReadonlyMap<number, number>;
}

/**
 * Builds the tree from the bridges that each function names. A report can have been edited: a bridge that is not there is passed over, and
 * what is above itself hangs on no bus.
 */
export function pciForest(members: readonly PciMember[]): PciForest {
  const places = new Map<string, number>();
  for (const [place, { name, device }] of members.entries()) if (device !== null && !places.has(name)) places.set(name, place);
  const parents = new Map<number, number>();
  for (const [place, { device }] of members.entries()) {
    const parent = device?.upstream.map((address) => places.get(address)).find((above) => above !== undefined);
    if (parent !== undefined && parent !== place) parents.set(place, parent);
  }
  cutLoops(parents);
  const children = new Map<number, number[]>();
  for (const [place, parent] of parents) append(children, parent, place);
  const roots = new Map<string | null, number[]>();
  for (const [place, member] of members.entries()) {
    if (parents.has(place) || member.device === null) continue;
    append(roots, rootBus(member), place);
  }
  return { roots: [...roots].map(([name, hanging]) => ({ name, places: hanging })), children, parents };
}

function append<Key>(lists: Map<Key, number[]>, key: Key, place: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [place]);
  else list.push(place);
}

/** Takes one link out of each circle. */
function cutLoops(parents: Map<number, number>): void {
  const walked = new Map<number, number>();
  for (const start of parents.keys()) {
    let place: number | undefined = start;
    while (place !== undefined && !walked.has(place)) {
      walked.set(place, start);
      const parent = parents.get(place);
      if (parent !== undefined && walked.get(parent) === start) parents.delete(place);
      place = parent;
    }
  }
}

/** `0000:00` of what no bridge is above; null where a bridge is above that is not in the list, or the address is none. */
function rootBus({ name, device }: PciMember): string | null {
  if (device === null || device.upstream.some((address) => address !== name)) return null;
  return /^([0-9a-f]{4,8}:[0-9a-f]{2}):[0-9a-f]{2}\.[0-7]$/.exec(name)?.[1] ?? null;
}
