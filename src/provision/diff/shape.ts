import type { Tree } from '../tree.ts';
import { isDeclaration, type Item, nameOf } from './item.ts';
import { lastingKeys } from './lists.ts';
import { isUnit } from './values.ts';

/** Which elements and attributes a definition was wanted to have, without their values. */
export interface Shape {
  readonly name: string;
  /** Of an element of a list; null where there is one only, or where the order tells them. */
  readonly key: string | null;
  /** Sorted. */
  readonly attributes: readonly string[];
  /** Sorted by name and key. */
  readonly children: readonly Shape[];
}

export const MARK = 'passcheck:spec';

/** The shape of what is wanted; the mark itself is no part of it. */
export function shapeOf(tree: Tree): Shape {
  return shapeBelow(tree.name, tree);
}

function shapeBelow(path: string, item: Item): Shape {
  const attributes = Object.keys(item.attributes).filter((name) => !isDeclaration(name) && !isUnit(path, item, name));
  const children: Shape[] = [];
  for (const child of item.children) {
    const name = nameOf(child);
    if (name !== MARK && !holdsOnlyTheMark(child)) children.push(shapeBelow(`${path}/${name}`, child));
  }
  const key = lastingKeys(path, item)[0] ?? null;
  return { name: nameOf(item), key, attributes: attributes.toSorted(), children: children.toSorted(inOrder) };
}

function holdsOnlyTheMark({ children }: Item): boolean {
  return children.length > 0 && children.every((child) => nameOf(child) === MARK);
}

function inOrder(one: Shape, other: Shape): number {
  return compare(one.name, other.name) || compare(one.key ?? '', other.key ?? '');
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** `(domain @type(devices(disk=ua-pc-disk-0 @device(target @dev))))`: fit for an attribute. */
export function shapeText({ name, key, attributes, children }: Shape): string {
  const own = `${written(name)}${key === null ? '' : `=${written(key)}`}`;
  return `(${own}${attributes.map((attribute) => ` @${written(attribute)}`).join('')}${children.map(shapeText).join('')})`;
}

/** Everything but plain signs as the number of its UTF-16 unit; blanks, which keys have, as one sign. */
function written(word: string): string {
  return word.replaceAll(/[^\w.:+/, -]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).replaceAll(' ', '~');
}

function read(word: string): string {
  return word.replaceAll('~', ' ').replaceAll(/%([0-9a-f]{4})/g, (_whole, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)));
}

/** Far above what a spec can ask for: a VM of 710 pinned vCPUs has 20 kB. */
const LIMITS = { characters: 256 * 1024, shapes: 20_000, depth: 32 } as const;

const TOKEN = /\(((?:[\w.:+/,~-]|%[0-9a-f]{4})+)(?:=((?:[\w.:+/,~-]|%[0-9a-f]{4})*))?|\)| @((?:[\w.:+/,~-]|%[0-9a-f]{4})+)/y;

interface Draft {
  readonly name: string;
  readonly key: string | null;
  readonly attributes: string[];
  readonly children: Draft[];
}

/** Reads what {@link shapeText} wrote; null for anything else: then nothing is known of what was wanted. */
export function parseShape(text: string): Shape | null {
  if (text.length > LIMITS.characters) return null;
  const token = new RegExp(TOKEN);
  const top: Draft = { name: '', key: null, attributes: [], children: [] };
  const open: Draft[] = [top];
  for (let count = 0; token.lastIndex < text.length;) {
    const match = token.exec(text);
    const current = open.at(-1);
    if (match === null || current === undefined) return null;
    const [, name, key, attribute] = match;
    if (name !== undefined) {
      count += 1;
      // A second root is none.
      if (count > LIMITS.shapes || open.length > LIMITS.depth || (current === top && count > 1)) return null;
      const draft: Draft = { name: read(name), key: key === undefined ? null : read(key), attributes: [], children: [] };
      current.children.push(draft);
      open.push(draft);
    } else if (current === top) return null;
    else if (attribute === undefined) open.pop();
    else current.attributes.push(read(attribute));
  }
  return open.length === 1 ? (top.children[0] ?? null) : null;
}
