import type { XmlElement } from '../../domain/xml.ts';
import { aligned, type Explicit } from '../diff/aligned.ts';
import type { Difference } from '../diff/difference.ts';
import { differencesOf } from '../diff/differences.ts';
import { MARK_NAMESPACE, readMark, withMark } from '../diff/mark.ts';
import { spliced } from '../diff/splice.ts';
import { unmanagedOf } from '../diff/unmanaged.ts';
import type { Tree } from '../tree.ts';
import { isDiskSource } from './disk-changes.ts';
import { readDefinition } from './definition.ts';
import type { Change, PlannedObject } from './model.ts';
import { note, type Part, part } from './part.ts';

/** What is wanted, held against what is there. */
export interface Comparison {
  readonly root: XmlElement;
  /** What is wanted, with the identity of what is there. */
  readonly wanted: Tree;
  readonly differences: readonly Difference[];
  readonly changes: readonly Change[];
  /** Nothing but passcheck's own mark differs. */
  readonly isOnlyMark: boolean;
  /** What was applied before and waits for the next start. */
  readonly pending: readonly Change[];
  /** The definition that has everything that is wanted. */
  readonly xml: string;
  /** What is there and nobody asked for. */
  readonly beside: Part;
}

/** A definition of libvirt, and as what it runs. */
export interface Definitions {
  readonly isActive: boolean;
  readonly inactive: string;
  /** Null while it does not run, and of a pool. */
  readonly live: string | null;
}

/** How something is to be compared. */
export interface Comparing {
  readonly object: PlannedObject;
  readonly explicit: Explicit;
  /** The spec whose mark it gets; null: there is no place for one. */
  readonly owner: string | null;
}

/** Nothing of an identity was said by the spec itself, as far as anybody knows. */
export const FOLLOWS: Explicit = { uuid: false, nvram: false, macs: [] };

/** Compares by the definition that the next start gets; null where that could not be read. */
export function compared(tree: Tree, there: Definitions, { object, explicit, owner }: Comparing): Comparison | null {
  const root = readDefinition(there.inactive);
  if (root === null) return null;
  const shape = owner === null ? null : (readMark(root)?.shape ?? null);
  const plain = aligned(tree, root, explicit);
  const wanted = owner === null ? plain : withMark(plain, owner);
  const differences = differencesOf(wanted, root, shape);
  const effect = there.isActive ? 'next start' : 'now';
  const changes = changesOf(differences, effect);
  const beside = unmanagedOf(wanted, root, shape);
  return {
    root,
    wanted,
    differences,
    changes,
    isOnlyMark: differences.every(isAboutMark),
    pending: pendingOf(wanted, there, changes),
    xml: differences.length === 0 ? there.inactive : spliced(there.inactive, differences),
    beside: beside.length === 0 ? part({}) : note(object, `left alone, as the spec does not speak of it: ${beside.join(', ')}`),
  };
}

/** What a change is called that touches nothing but passcheck's own mark. */
export const MARK_FIELD = 'mark of passcheck';

/** The mark follows what else changes, and is only spoken of when nothing else does. */
function changesOf(differences: readonly Difference[], effect: Change['effect']): readonly Change[] {
  const real = differences.filter((difference) => !isAboutMark(difference));
  if (real.length > 0) return told(real, effect);
  // It is read from the definition alone, whatever runs.
  const [mark] = differences;
  return mark === undefined ? [] : [{ field: MARK_FIELD, from: mark.from, to: mark.to, effect: 'now' }];
}

/** libvirt's `currentMemory` follows the memory, and nobody asked for it. */
function told(differences: readonly Difference[], effect: Change['effect']): readonly Change[] {
  const memory = differences.find(({ field }) => field === 'memory');
  const follows = ({ field, from, to }: Difference): boolean => field === 'current memory' && from === memory?.from && to === memory.to;
  const spoken = differences.filter((difference) => !follows(difference));
  // What a VM finds on its disks weighs more than all the rest, and summaries have the first changes only.
  const [disks, others] = [spoken.filter(isDiskSource), spoken.filter((difference) => !isDiskSource(difference))];
  return [...disks, ...others].map(({ field, from, to }) => ({ field, from, to, effect }));
}

function isAboutMark(difference: Difference): boolean {
  if (difference.kind !== 'add') return difference.element.namespace === MARK_NAMESPACE;
  const { tree } = difference;
  return (
    tree.name.startsWith('passcheck:') || (tree.name === 'metadata' && tree.children.every(({ name }) => name.startsWith('passcheck:')))
  );
}

/** What runs still has the mark that it was started with, and so what was wanted then. */
function pendingOf(wanted: Tree, there: Definitions, changes: readonly Change[]): readonly Change[] {
  const root = there.isActive && there.live !== null ? readDefinition(there.live) : null;
  if (root === null) return [];
  const now = new Set(changes.map(({ field }) => field));
  const differences = differencesOf(wanted, root, readMark(root)?.shape ?? null).filter((difference) => !isAboutMark(difference));
  return told(differences, 'next start').filter(({ field }) => !now.has(field));
}
