import { readMark } from '../diff/mark.ts';
import type { LivePool } from '../world.ts';
import { readDefinition } from './definition.ts';
import type { PlanContext } from './request.ts';

/** Whose an object of libvirt is: this spec's, nobody's that passcheck knows, another spec's; `unreadable`: its definition does not say. */
export type Holder = { readonly state: 'own' | 'foreign' | 'unreadable' } | { readonly state: 'other'; readonly owner: string };

/** By the mark in the definition of a domain or network. */
export function holderOf(live: { readonly inactive: string }, spec: string): Holder {
  const root = readDefinition(live.inactive);
  if (root === null) return { state: 'unreadable' };
  return holder(readMark(root)?.owner, spec);
}

/** A pool has no place for a mark: passcheck remembers its own. */
export function poolHolder({ uuid }: LivePool, { owned, desired }: PlanContext): Holder {
  return holder(owned.pools.get(uuid), desired.owner);
}

function holder(owner: string | undefined, spec: string): Holder {
  if (owner === undefined) return { state: 'foreign' };
  return owner === spec ? { state: 'own' } : { state: 'other', owner };
}

/** `passcheck did not make it`. */
export function holderWords(found: Holder): string {
  switch (found.state) {
    case 'own':
      return 'it is of this spec';
    case 'foreign':
      return 'passcheck did not make it';
    case 'other':
      return `it belongs to the spec ${found.owner}`;
    case 'unreadable':
      return 'its definition could not be read';
  }
}
