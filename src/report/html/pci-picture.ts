import { nameWords } from '../device-words.ts';
import { fit } from '../fit.ts';
import { textWidth } from '../wrap.ts';
import { html, type Html } from './markup.ts';
import { membersOf, type PciRow } from './pci-rows.ts';
import { driverName, ROLE_LETTERS, roleParts } from './pci-words.ts';
import { slotOf, type PciMember } from './pci-members.ts';

/** How a picture is named: its anchor, made here, and what a person hears instead of seeing it. */
export interface PictureName {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Sizes in pixels; text that is cut is as wide as its columns at most, by the widest usual font. */
interface Scale {
  readonly row: number;
  /** How far a name stands below the address; 0: beside it. */
  readonly below: number;
  readonly square: number;
  readonly indent: number;
  readonly mono: number;
  readonly sans: number;
}

const LARGE: Scale = { row: 42, below: 17, square: 22, indent: 26, mono: 8.2, sans: 7.4 };
const SMALL: Scale = { row: 23, below: 0, square: 15, indent: 18, mono: 7.3, sans: 6.9 };
const WIDTH = 920;
const LEFT = 14;
const DRIVER = 556;
const ROLE = 672;
const GROUP = 824;
const RIGHT = WIDTH - 10;
const MOST_INDENTED = 8;
/** Between lines of different groups. */
const GAP = 5;

/** A line with its place in the picture. */
interface Placed {
  readonly row: PciRow;
  readonly y: number;
  readonly x: number;
  /** Where the line from its bridge, or from the one above it below the same bridge, begins; null for what hangs on a bus. */
  readonly from: { readonly x: number; readonly y: number } | null;
  /** Frame that it belongs to. */
  readonly group: string | null;
}

/**
 * Draws lines of the map: the tree on the left, frames around what shares an IOMMU group. The picture in the picture cuts off what is wider
 * than its letters are counted to be.
 */
export function pciPicture(rows: readonly PciRow[], size: 'large' | 'small', { id, title, description }: PictureName): Html {
  const scale = size === 'large' ? LARGE : SMALL;
  const placed = place(rows, scale);
  const height = (placed.at(-1)?.y ?? 0) + scale.row + 8;
  return html`<svg class="pci-map ${size}" role="img" aria-labelledby="${id}-title ${id}-description" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
<title id="${id}-title">${title}</title><desc id="${id}-description">${description}</desc>
${frames(placed, scale)}<path class="tree" d="${placed.flatMap((one) => branch(one, scale)).join('')}"/>
<svg width="${ROLE - 8}" height="${height}">${placed.map((one) => left(one, scale))}</svg>
${placed.map((one) => right(one, scale))}
</svg>`;
}

function place(rows: readonly PciRow[], scale: Scale): Placed[] {
  const placed: Placed[] = [];
  const above: { x: number; y: number }[] = [];
  let y = 6;
  for (const row of rows) {
    const group = membersOf(row)[0]?.group ?? null;
    const last = placed.at(-1);
    if (last !== undefined) y += heightOf(last.row, scale) + (group !== null && group === last.group ? 0 : GAP);
    const depth = row.kind === 'member' || row.kind === 'slot' ? row.depth : 0;
    const x = LEFT + Math.min(depth, MOST_INDENTED) * scale.indent + (isText(row) ? 0 : 8);
    above.length = depth;
    const from = above[depth - 1] ?? null;
    placed.push({ row, y, x, from, group });
    // The next one below the same bridge goes on from here.
    if (from !== null) above[depth - 1] = { x: from.x, y: y + scale.row / 2 };
    above[depth] = { x: x + scale.square / 2, y: y + (scale.row + scale.square) / 2 };
  }
  return placed;
}

function isText({ kind }: PciRow): boolean {
  return kind === 'heading' || kind === 'more';
}

function heightOf(row: PciRow, scale: Scale): number {
  return isText(row) ? SMALL.row : scale.row;
}

function branch({ from, x, y }: Placed, { row }: Scale): string[] {
  return from === null || from.x >= x ? [] : [`M${from.x} ${from.y}V${y + row / 2}H${x}`];
}

/** A group whose members do not stand together has a frame around each part. */
function frames(placed: readonly Placed[], scale: Scale): Html[] {
  const runs: { group: string; first: Placed; last: Placed; x: number }[] = [];
  for (const one of placed) {
    const run = runs.at(-1);
    const previous = run?.last;
    if (one.group === null) continue;
    if (run !== undefined && previous !== undefined && run.group === one.group && one.y - previous.y === scale.row) {
      run.last = one;
      run.x = Math.min(run.x, one.x);
    } else runs.push({ group: one.group, first: one, last: one, x: one.x });
  }
  const seen = new Set<string>();
  return runs.map(({ group, first, last, x }) => {
    const isAgain = seen.has(group);
    seen.add(group);
    const isPassed = membersOf(first.row).some(({ isInPassedGroup }) => isInPassedGroup);
    const label = `${isAgain ? 'also ' : 'group '}${group}`;
    return html`<rect class="frame${isPassed ? ' passed' : ''}" x="${x - 7}" y="${first.y + 1}" width="${RIGHT - x + 7}" height="${last.y - first.y + scale.row - 2}" rx="5"/>${text(GROUP, baseline(first, scale), isPassed ? 'group passed' : 'group', fit(label, columns(RIGHT - GROUP - 4, scale.sans)))}
`;
  });
}

/** Where the first line of text stands. */
function baseline({ y, row }: Placed, scale: Scale): number {
  return y + heightOf(row, scale) / 2 + 4.5 - (isText(row) ? 0 : scale.below / 2);
}

/** Square, address and name. */
function left(one: Placed, scale: Scale): Html {
  const { row, x } = one;
  const y = baseline(one, scale);
  if (row.kind === 'heading') return text(x, y, 'bus', row.words);
  if (row.kind === 'more') return text(x, y, 'bus', `${row.count} more, in the table`);
  const [first] = membersOf(row);
  if (first === undefined) return html``;
  const address = fit(addressWords(row), 40);
  const start = x + scale.square + 8;
  const nameAt = scale.below === 0 ? Math.ceil(start + textWidth(address) * scale.mono + 8) : start;
  // Below the address nothing stands beside the name but the VM.
  const end = scale.below === 0 ? DRIVER : ROLE;
  const name = fit(nameOf(row), Math.max(8, columns(end - nameAt - 8, scale.sans)));
  return html`${square(first, one, scale)}${text(start, y, 'address', address)}${text(nameAt, y + scale.below, 'name', name)}
`;
}

function square(member: PciMember, { x, y }: Placed, { row, square: size }: Scale): Html {
  const { role } = member;
  const letter = isOnlyDisplay(member) ? 'D' : ROLE_LETTERS[role];
  const middle = y + row / 2;
  return html`<rect class="square ${role}" x="${x}" y="${middle - size / 2}" width="${size}" height="${size}" rx="3"/>${letter === '' ? null : text(x + size / 2, middle + 4.5, `letter ${role}`, letter)}`;
}

/** `0000:00:18.0`, of several in one slot `0000:00:18.0 … .7` */
function addressWords(row: PciRow): string {
  const all = membersOf(row);
  const [first] = all;
  const last = all.at(-1);
  if (first === undefined || last === undefined || first === last) return first?.name ?? '';
  return `${first.name} … ${last.name.slice(slotOf(last.name).length)}`;
}

function nameOf(row: PciRow): string {
  const all = membersOf(row);
  const [first] = all;
  if (first === undefined) return '';
  if (first.device === null) return 'no PCI device';
  const name = shortMaker(nameWords(first.device));
  const own = name === '' ? first.device.className : name;
  const shown = isOnlyDisplay(first) ? `boot display: ${own}` : own;
  return all.length === 1 ? shown : `${all.length} functions: ${shown} …`;
}

/** The table has the whole name. */
function shortMaker(name: string): string {
  return name
    .slice(0, 300)
    .replace(/^Advanced Micro Devices, Inc\. \[(AMD(?:\/ATI)?)\]/, '$1')
    .replace(/^([\w-]{1,30}(?: [\w-]{1,30})?)(?: Corporation|, Inc\.| Co\., Ltd\.?)(?= )/, '$1');
}

/** It is marked for nothing else. */
function isOnlyDisplay({ role, isBootDisplay }: PciMember): boolean {
  return role === 'other' && isBootDisplay;
}

/** Driver and part on the map; in the large picture the VM below it. */
function right(one: Placed, scale: Scale): Html {
  const all = membersOf(one.row);
  const [first] = all;
  if (first === undefined) return html``;
  const y = baseline(one, scale);
  const room = columns(GROUP - ROLE - 8, scale.sans);
  const [role = '', ...more] = isOnlyDisplay(first) ? [] : roleParts(first);
  const second = scale.below === 0 ? '' : more.join(', ');
  return html`${text(DRIVER, y, first.driver === null ? 'driver none' : 'driver', fit(driversOf(all), columns(ROLE - DRIVER - 8, scale.mono)))}${role === '' ? null : text(ROLE, y, `role ${first.role}`, fit(role, room))}${second === '' ? null : text(ROLE, y + scale.below, 'name', fit(second, room))}${first.isGroupUnseen ? text(GROUP, y, 'group', 'not seen') : null}
`;
}

function driversOf(members: readonly PciMember[]): string {
  const names = new Set(members.map((member) => (member.isDriverUnseen ? 'not seen' : driverName(member))));
  return names.size === 1 ? ([...names][0] ?? '') : `${names.size} drivers`;
}

function columns(width: number, character: number): number {
  return Math.floor(width / character);
}

function text(x: number, y: number, name: string, words: string): Html {
  return html`<text x="${x}" y="${y}" class="${name}">${words}</text>`;
}
