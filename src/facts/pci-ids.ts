/** What is looked up in pci.ids. Hex digits as in /sys, lower case. */
export interface PciIdQuery {
  readonly vendor: string;
  readonly device: string;
  /** `vendor:device`; null when there is none. */
  readonly subsystem: string | null;
  /** Six hex digits. */
  readonly classCode: string;
}

/** Names by id: `10de`, `10de:2684`, `10de:2684:1043:889c`, and `class:03`, `class:0300`, `class:030000`. */
export type PciNames = ReadonlyMap<string, string>;

/** A line that is kept: its id path (as the keys of {@link PciNames}), and its text as it stands in the file. */
interface Entry {
  readonly key: string;
  readonly name: string;
  readonly line: string;
}

/**
 * The same file with nothing but the entries that are asked for: valid pci.ids again, a few hundred bytes instead of
 * 1.4 MB, with the same names as the whole.
 */
export function reducePciIds(text: string, ids: readonly PciIdQuery[]): string {
  return entries(text, ids)
    .map(({ line }) => `${line}\n`)
    .join('');
}

/** The names of the ids that are asked for, as far as the file has them. */
export function parsePciIds(text: string, ids: readonly PciIdQuery[]): PciNames {
  return new Map(entries(text, ids).map(({ key, name }) => [key, name]));
}

function entries(text: string, ids: readonly PciIdQuery[]): Entry[] {
  const tree = new Map<string, Map<string, Set<string>>>();
  const add = (head: string, second: string | null, third: string | null): void => {
    const children = tree.get(head) ?? new Map<string, Set<string>>();
    tree.set(head, children);
    if (second === null) return;
    const grandchildren = children.get(second) ?? new Set<string>();
    children.set(second, grandchildren);
    if (third !== null) grandchildren.add(third);
  };
  for (const { vendor, device, subsystem, classCode } of ids) {
    add(vendor, device, subsystem);
    if (subsystem !== null) add(subsystem.slice(0, 4), null, null);
    add(`class:${classCode.slice(0, 2)}`, classCode.slice(2, 4), classCode.slice(4, 6));
  }
  const heads = [...tree.keys()].toSorted();
  let from = 0;
  return heads.flatMap((head) => {
    const found = findHead(text, head, from);
    from = found?.start ?? from;
    return found === null ? [] : blockEntries(text, found, head, tree.get(head) ?? new Map());
  });
}

/** A stretch of the text that begins with a line and holds what belongs to it. */
interface Block {
  readonly start: number;
  readonly end: number;
}

/** The block of a vendor or class. The file is sorted, so the search begins at the last find. */
function findHead(text: string, head: string, from: number): Block | null {
  const mark = head.startsWith('class:') ? `C ${head.slice(6)}  ` : `${head}  `;
  const after = text.indexOf(`\n${mark}`, from);
  const at = after === -1 && from > 0 ? text.indexOf(`\n${mark}`) : after;
  // The very first line has no line end before it.
  const start = text.startsWith(mark) ? 0 : at + 1;
  if (start === 0 && !text.startsWith(mark)) return null;
  return { start, end: nextMatch(text, /\n[^\t#\n]/g, start) };
}

function nextMatch(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function blockEntries(text: string, block: Block, head: string, wanted: ReadonlyMap<string, ReadonlySet<string>>): Entry[] {
  const separator = head.startsWith('class:') ? '' : ':';
  const seconds = [...wanted.keys()].toSorted().flatMap((second) => {
    const start = findLine(text, `\t${second}  `, block);
    if (start === -1) return [];
    const own = { start, end: Math.min(block.end, nextMatch(text, /\n(?!\t\t|#|\n)/g, start)) };
    const key = `${head}${separator}${second}`;
    const thirds = [...(wanted.get(second) ?? [])].toSorted().flatMap((third) => {
      const at = findLine(text, `\t\t${third.replace(':', ' ')}  `, own);
      return at === -1 ? [] : [entryAt(text, at, `${key}${separator}${third}`)];
    });
    return [entryAt(text, start, key), ...thirds];
  });
  return [entryAt(text, block.start, head), ...seconds];
}

/** Where the line starts that begins like this, within a block; -1 when there is none. */
function findLine(text: string, mark: string, { start, end }: Block): number {
  // Bounded by the block: searching on to the end of the file for each missing id would cost its whole length.
  const at = text.slice(start, end).indexOf(`\n${mark}`);
  return at === -1 ? -1 : start + at + 1;
}

function entryAt(text: string, start: number, key: string): Entry {
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end === -1 ? undefined : end);
  const indent = line.length - line.trimStart().length;
  return { key, line, name: line.slice(line.indexOf('  ', indent) + 2).trim() };
}
