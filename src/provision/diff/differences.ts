import type { XmlElement } from '../../domain/xml.ts';
import { groupedBy } from '../../grouped.ts';
import type { Tree } from '../tree.ts';
import { consequencesOf, type Leaving } from './consequences.ts';
import { contradictionsOf, type Standing } from './contradictions.ts';
import { describe } from './describe.ts';
import type { Difference } from './difference.ts';
import { isDeclaration, nameOf, valueOf } from './item.ts';
import { isList, isWhole, lastingKeys, partners } from './lists.ts';
import { markDifferences } from './mark-differences.ts';
import { MARK, type Shape } from './shape.ts';
import { isRunning, spelled } from './spelled.ts';
import { isUnit, kindOf, shownText, shownValue, valueFor } from './values.ts';
import { fieldAt, type Place, placeWithin, ROOT_PLACE } from './words.ts';

/** A difference and its path: `domain/devices/disk/driver@cache`. */
interface Found {
  readonly path: string;
  readonly difference: Difference;
}

interface Walk {
  readonly found: Found[];
  /** Live elements that stand for something that is wanted. */
  readonly kept: Set<XmlElement>;
  readonly removed: Set<XmlElement>;
  readonly removedAttributes: Map<XmlElement, Set<string>>;
  readonly isRunning: boolean;
}

/** An element that is wanted and the one that stands for it. */
interface Pair {
  readonly desired: Tree;
  readonly live: XmlElement;
  readonly previous: Shape | null;
  readonly path: string;
  readonly place: Place;
}

/**
 * What has to change in a definition of libvirt (domain, network or pool) so that everything that is wanted is in it. What
 * libvirt has beside it stays, but for what was wanted before (`previous`, of the mark) and no longer is.
 */
export function differencesOf(desired: Tree, live: XmlElement, previous: Shape | null): readonly Difference[] {
  return walked(desired, live, previous).found.map(({ difference }) => difference);
}

/** The live elements that stand for something that is wanted, and those that go. */
export function standingOf(desired: Tree, live: XmlElement, previous: Shape | null): Standing {
  return walked(desired, live, previous);
}

function walked(desired: Tree, live: XmlElement, previous: Shape | null): Walk {
  const walk: Walk = { found: [], kept: new Set(), removed: new Set(), removedAttributes: new Map(), isRunning: isRunning(live) };
  const pair = { desired, live, previous, path: desired.name, place: ROOT_PLACE };
  compare(walk, pair);
  for (const leaving of contradictionsOf(desired, live, walk)) leave(walk, pair, leaving);
  // People read it from above: what passcheck keeps for itself comes last.
  return { ...walk, found: walk.found.toSorted((one, other) => Number(isInMetadata(one)) - Number(isInMetadata(other))) };
}

const isInMetadata = ({ path }: Found): boolean => path.includes('/metadata');

function compare(walk: Walk, given: Pair): void {
  const pair = { ...given, desired: spelled(given.path, given.desired, given.live, walk.isRunning) };
  const { path, desired, live } = pair;
  const from = walk.found.length;
  walk.kept.add(live);
  if (path.endsWith(`/${MARK}`)) {
    for (const difference of markDifferences(desired, live)) walk.found.push({ path, difference });
    return;
  }
  compareAttributes(walk, pair);
  compareText(walk, pair);
  compareChildren(walk, pair);
  const changed = walk.found.slice(from).map((one) => one.path);
  for (const leaving of consequencesOf(path, desired, live, changed)) leave(walk, pair, leaving);
}

function compareAttributes(walk: Walk, { desired, live, previous, path, place }: Pair): void {
  for (const [name, value] of Object.entries(desired.attributes)) {
    if (isDeclaration(name) || isUnit(path, desired, name)) continue;
    const is = valueOf(live, name);
    if (is !== null && isSame(`${path}@${name}`, [value, desired], [is, live])) continue;
    const field = fieldAt(place, path, name);
    const from = is === null ? null : shownValue(path, live, name);
    const to = shownValue(path, desired, name);
    const { written, unit } = valueFor(`${path}@${name}`, value, desired, live);
    walk.found.push({
      path: `${path}@${name}`,
      difference: { kind: 'set-attribute', element: live, name, value: written, field, from, to },
    });
    if (unit !== null) walk.found.push(unitChange(path, live, unit, field));
  }
  for (const name of previous?.attributes ?? []) {
    if (valueOf(desired, name) === null) removeAttribute(walk, live, name, { path, place });
  }
}

function compareText(walk: Walk, { desired, live, path, place }: Pair): void {
  if (desired.text === null || isSame(path, [desired.text, desired], [live.text, live])) return;
  const field = fieldAt(place, path);
  const { written, unit } = valueFor(path, desired.text, desired, live);
  const [from, to] = [shownText(path, live), shownText(path, desired)];
  walk.found.push({ path, difference: { kind: 'set-text', element: live, value: written, field, from, to } });
  if (unit !== null) walk.found.push(unitChange(path, live, unit, field));
}

function unitChange(path: string, element: XmlElement, value: string, field: string): Found {
  const from = valueOf(element, 'unit');
  return { path, difference: { kind: 'set-attribute', element, name: 'unit', value, field: `${field} unit`, from, to: value } };
}

type Valued = readonly [value: string, item: Tree | XmlElement];

function isSame(place: string, [wanted, desired]: Valued, [is, live]: Valued): boolean {
  const kind = kindOf(place);
  return kind.normal(wanted, desired) === kind.normal(is, live) || kind.stands?.(wanted.trim(), is.trim()) === true;
}

function compareChildren(walk: Walk, { desired, live, previous, path, place }: Pair): void {
  const wanted = groupedBy(desired.children, nameOf);
  const there = groupedBy(live.children, nameOf);
  const before = groupedBy(previous?.children ?? [], ({ name }) => name);
  for (const name of new Set([...wanted.keys(), ...before.keys()])) {
    if (walk.isRunning && name === 'metadata') continue;
    compareNamed(walk, {
      wanted: wanted.get(name) ?? [],
      there: there.get(name) ?? [],
      before: before.get(name) ?? [],
      path: `${path}/${name}`,
      parent: live,
      place,
    });
  }
}

/** The elements of one name in one element. */
interface Named {
  readonly wanted: readonly Tree[];
  readonly there: readonly XmlElement[];
  readonly before: readonly Shape[];
  readonly path: string;
  readonly parent: XmlElement;
  readonly place: Place;
}

function compareNamed(walk: Walk, { wanted, there, before, path, parent, place }: Named): void {
  const pairs = partners(path, wanted, there);
  const remembered = rememberedOf(path, before, there);
  for (const desired of wanted) {
    const live = pairs.get(desired);
    if (live === undefined) walk.found.push({ path, difference: addition(parent, desired, path, place) });
    else compare(walk, { desired, live, previous: remembered.get(live) ?? null, path, place: placeWithin(place, path, live) });
  }
  const kept = new Set(pairs.values());
  const isWholeList = isWhole(path) && wanted.length > 0;
  for (const element of there) {
    if (!kept.has(element) && (isWholeList || remembered.has(element)))
      removeElement(walk, element, { path, place: placeWithin(place, path, element) });
  }
}

/** Which live elements are those that were wanted before. */
function rememberedOf(path: string, before: readonly Shape[], there: readonly XmlElement[]): ReadonlyMap<XmlElement, Shape> {
  const found = new Map<XmlElement, Shape>();
  if (before.length === 0) return found;
  const byKey = new Map(before.map((shape) => [shape.key, shape]));
  const unnamed = before.filter(({ key }) => key === null);
  let next = 0;
  for (const element of there) {
    const known = isList(path) ? lastingKeys(path, element).find((key) => byKey.has(key)) : undefined;
    const shape = known === undefined ? unnamed[next++] : byKey.get(known);
    if (shape !== undefined) found.set(element, shape);
  }
  return found;
}

function addition(parent: XmlElement, tree: Tree, path: string, place: Place): Difference {
  const isMark = tree.name === 'metadata' && tree.children.every(({ name }) => name === MARK);
  const mark = isMark ? tree.children[0] : undefined;
  const item = mark ?? tree;
  const where = mark === undefined ? path : `${path}/${MARK}`;
  const field = fieldAt(placeWithin(place, where, item), where);
  return { kind: 'add', parent, tree, field, from: null, to: describe(where, item) };
}

interface Where {
  readonly path: string;
  readonly place: Place;
}

function removeElement(walk: Walk, element: XmlElement, { path, place }: Where): void {
  if (walk.removed.has(element)) return;
  walk.removed.add(element);
  walk.found.push({ path, difference: { kind: 'remove', element, field: fieldAt(place, path), from: describe(path, element), to: null } });
}

function removeAttribute(walk: Walk, element: XmlElement, name: string, { path, place }: Where): void {
  const known = walk.removedAttributes.get(element) ?? new Set();
  if (valueOf(element, name) === null || known.has(name)) return;
  walk.removedAttributes.set(element, known.add(name));
  const [field, from] = [fieldAt(place, path, name), shownValue(path, element, name)];
  walk.found.push({ path: `${path}@${name}`, difference: { kind: 'remove-attribute', element, name, field, from, to: null } });
}

function leave(walk: Walk, pair: Pair, { way, attribute, isText }: Leaving): void {
  let { path, place } = pair;
  let element = pair.live;
  for (const next of way) {
    if (walk.removed.has(element)) return;
    path = `${path}/${nameOf(next)}`;
    place = placeWithin(place, path, next);
    element = next;
  }
  if (attribute !== null) removeAttribute(walk, element, attribute, { path, place });
  else if (!isText) removeElement(walk, element, { path, place });
  else {
    const field = fieldAt(place, path);
    walk.found.push({ path, difference: { kind: 'set-text', element, value: '', field, from: shownText(path, element), to: null } });
  }
}
