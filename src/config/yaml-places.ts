import { type Document, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';

import { offsetOf } from './yaml-structure.ts';

/** A value, by the keys and numbers that lead to it, or the key before it. */
interface Place {
  readonly path: readonly PropertyKey[];
  readonly isAboutKey?: boolean;
}

/** Finds the position of a value or key; that of what it should be in, when it is missing or behind an alias. */
export function placesOf(document: Document.Parsed): (place: Place) => number {
  const tables = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  const pairOf = (map: YAMLMap, key: PropertyKey): Pair | undefined => {
    const table = tables.get(map) ?? new Map(map.items.map((pair) => [keyText(pair.key), pair]));
    tables.set(map, table);
    return table.get(String(key));
  };
  return ({ path, isAboutKey = false }) => {
    let node: unknown = document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const [index, part] of path.entries()) {
      const pair = isMap(node) ? pairOf(node, part) : undefined;
      if (isAboutKey && index === path.length - 1) return offsetOf(pair?.key) ?? offset;
      node = isSeq(node) ? node.items[Number(part)] : pair?.value;
      offset = offsetOf(node) ?? offsetOf(pair?.key) ?? offset;
    }
    return offset;
  };
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
