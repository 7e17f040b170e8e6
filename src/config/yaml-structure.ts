import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';

/** Something wrong with a YAML text, by its place; the words are made only for those that are shown. */
export interface Finding {
  readonly offset: number;
  readonly message: string | (() => string);
}

/** Each costs a look at all others. */
const MAX_ALIASES = 1000;
/** Values that aliases may stand for beside those that are written: nine lines can mean a thousand million. */
const MAX_REPEATED = 100_000;

/** What YAML allows and a file of passcheck has no use for. */
export function structureFindings(document: Document.Parsed): Finding[] {
  const findings: Finding[] = [];
  const tell = (node: unknown, message: string | null): void => {
    if (message !== null) findings.push({ offset: offsetOf(node) ?? 0, message });
  };
  const anchors = new Map<string, Node>();
  const meant = new Map<Alias, Node>();
  let written = 0;
  let marks = 0;
  visit(document, {
    Node(_, node, path) {
      written += 1;
      if (isMap(node)) for (const key of repeatedKeys(node)) tell(key, 'this key is there twice');
      if (isAlias(node)) {
        const anchor = anchors.get(node.source);
        if (anchor !== undefined) meant.set(node, anchor);
        tell(node, aliasComplaint(node, anchor, path));
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (isAlias(node) || node.anchor !== undefined) marks += 1;
    },
    Pair(_, { key }) {
      const complaint = keyComplaint(key);
      tell(key, complaint);
      return complaint === null ? undefined : visit.SKIP;
    },
  });
  if (marks > MAX_ALIASES) return [{ offset: 0, message: `more than ${MAX_ALIASES} anchors and aliases: write the values out` }];
  if (findings.length > 0 || meant.size === 0 || sizeOf(document.contents, meant) <= written + MAX_REPEATED) return findings;
  return [{ offset: 0, message: `its aliases stand for more than ${MAX_REPEATED} values: write them out` }];
}

/** Where a node begins; undefined for what is no node of a text. */
export function offsetOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range?.[0] : undefined;
}

function aliasComplaint({ source }: Alias, anchor: Node | undefined, path: readonly unknown[]): string | null {
  if (anchor === undefined) return `*${source} was never defined: put a value that begins with * in quotes`;
  return path.includes(anchor) ? `*${source} contains itself` : null;
}

/** The parser compares each key with all others; that takes minutes for a hundred thousand. */
function repeatedKeys({ items }: YAMLMap): Scalar[] {
  const seen = new Set<string>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated ? [key] : [];
  });
}

function keyComplaint(key: Pair['key']): string | null {
  if (key === null) return null;
  if (!isScalar(key)) return 'a key has to be a word';
  if (key.value === '__proto__') return 'this word cannot be a key';
  const isRead = typeof key.value === 'number' || typeof key.value === 'bigint' || typeof key.value === 'boolean';
  return isRead && key.source !== String(key.value) ? `YAML reads this key as ${String(key.value)}: put it in quotes` : null;
}

/** How many values there are when each alias is written out. Anchors stand before their aliases, so each is known in time. */
function sizeOf(root: unknown, meant: ReadonlyMap<Alias, Node>): number {
  const known = new Map<Node, number>();
  const measure = (node: unknown): number => {
    if (isPair(node)) return measure(node.key) + measure(node.value);
    if (isAlias(node)) return known.get(meant.get(node) ?? node) ?? 1;
    let size = 1;
    if (isMap(node) || isSeq(node)) {
      for (const item of node.items) size += measure(item);
      if (node.anchor !== undefined) known.set(node, size);
    }
    return size;
  };
  return measure(root);
}
