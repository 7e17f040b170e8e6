import { groupedBy } from '../../grouped.ts';
import { type PciForest, pciForest } from './pci-forest.ts';
import { type PciMember, type PciMembers, slotOf } from './pci-members.ts';

/** One line of the map. */
export type PciRow =
  | { readonly kind: 'heading'; readonly words: string }
  | { readonly kind: 'member'; readonly member: PciMember; readonly depth: number }
  /** Functions of one slot of which each says the same. */
  | { readonly kind: 'slot'; readonly members: readonly [PciMember, ...PciMember[]]; readonly depth: number }
  /** How many are not drawn. */
  | { readonly kind: 'more'; readonly count: number };

type MemberRow = Extract<PciRow, { kind: 'member' }>;

/** More is no picture any more. */
const MOST_ROWS = 200;
const MOST_OF_GROUPS = 32;

/** The way from the root bus to what goes to a VM, with everything that shares its groups. Empty when nothing goes. */
export function passedRows({ members, passedGroups }: PciMembers): PciRow[] {
  const groups = new Set(passedGroups);
  const wanted = members.flatMap((member, place) => (isPassed(member) || groups.has(member.group ?? '') ? [place] : []));
  if (wanted.length === 0) return [];
  const forest = pciForest(members);
  const chosen = new Set(mostTelling(members, wanted).slice(0, MOST_OF_GROUPS));
  const rows = besideTheirGroups(treeRows(members, forest, withBridges(chosen, forest)), members, chosen);
  return atMost(rows, MOST_OF_GROUPS * 2, wanted.length - chosen.size);
}

/** Every function, what is alike in one slot together. Of a machine with very many, those that tell most. */
export function allRows({ members }: PciMembers): PciRow[] {
  const forest = pciForest(members);
  const everything = new Set(members.keys());
  const all = besideTheirGroups(slotsTogether(treeRows(members, forest, everything), forest, members), members, everything);
  if (all.length <= MOST_ROWS) return all;
  const chosen = new Set(mostTelling(members, [...members.keys()]).slice(0, MOST_ROWS / 2));
  const drawn = withBridges(chosen, forest);
  const rows = besideTheirGroups(slotsTogether(treeRows(members, forest, drawn), forest, members), members, chosen);
  return atMost(rows, MOST_ROWS, members.length - new Set([...drawn, ...chosen]).size);
}

/** The members that a line stands for. */
export function membersOf(row: PciRow): readonly PciMember[] {
  if (row.kind === 'member') return [row.member];
  return row.kind === 'slot' ? row.members : [];
}

/** Does it go to a VM? */
export function isPassed({ role }: PciMember): boolean {
  return role === 'gpu' || role === 'function' || role === 'passed';
}

const TELLING: readonly PciMember['role'][] = ['gpu', 'intruder', 'function', 'passed', 'untold', 'unjudged', 'bridge', 'tolerated'];

/** What a person looks for first comes first; else the order of the list. */
function mostTelling(members: readonly PciMember[], places: readonly number[]): number[] {
  const weight = (place: number): number => {
    const member = members[place];
    if (member === undefined || (member.role === 'other' && !member.isBootDisplay)) return TELLING.length;
    return TELLING.indexOf(member.role === 'other' ? 'passed' : member.role);
  };
  const byWeight = groupedBy(places, weight);
  return [...byWeight].toSorted(([a], [b]) => a - b).flatMap(([, alike]) => alike);
}

function withBridges(chosen: ReadonlySet<number>, { parents }: PciForest): ReadonlySet<number> {
  const drawn = new Set(chosen);
  for (const place of chosen) {
    for (let above = parents.get(place); above !== undefined && !drawn.has(above); above = parents.get(above)) drawn.add(above);
  }
  return drawn;
}

/** Without recursion: in an edited report bridges can be nested thousands deep. */
function treeRows(members: readonly PciMember[], { roots, children }: PciForest, drawn: ReadonlySet<number>): PciRow[] {
  const rows: PciRow[] = [];
  for (const { name, places } of roots) {
    const open = places.toReversed().map((place) => ({ place, depth: 0 }));
    if (places.some((place) => drawn.has(place))) rows.push({ kind: 'heading', words: name === null ? NO_BUS : `Root bus ${name}` });
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      const { place, depth } = step;
      const member = members[place];
      if (member === undefined || !drawn.has(place)) continue;
      rows.push({ kind: 'member', member, depth });
      for (const child of (children.get(place) ?? []).toReversed()) open.push({ place: child, depth: depth + 1 });
    }
  }
  return rows;
}

const NO_BUS = 'Bridge above not seen';

/** Three or more functions of one slot, with nothing below or to be said of them, take one line. */
function slotsTogether(rows: readonly PciRow[], { children }: PciForest, members: readonly PciMember[]): PciRow[] {
  const withBelow = new Set([...children.keys()].map((place) => members[place]));
  const together: PciRow[] = [];
  let run: MemberRow[] = [];
  const close = (): void => {
    const [first, ...rest] = run;
    if (first !== undefined && rest.length >= 2) {
      together.push({ kind: 'slot', members: [first.member, ...rest.map(({ member }) => member)], depth: first.depth });
    } else together.push(...run);
    run = [];
  };
  for (const row of rows) {
    const isPlain = row.kind === 'member' && row.member.role === 'other' && !row.member.isBootDisplay && !withBelow.has(row.member);
    const last = run.at(-1);
    if (!isPlain || (last !== undefined && !isAlike(last.member, row.member))) close();
    if (isPlain) run.push(row);
    else together.push(row);
  }
  close();
  return together;
}

function isAlike(one: PciMember, other: PciMember): boolean {
  return slotOf(one.name) === slotOf(other.name) && one.group === other.group && one.isGroupUnseen === other.isGroupUnseen;
}

/** Members that are no PCI devices stand below the last one of their group; those of groups of their own at the end. */
function besideTheirGroups(rows: readonly PciRow[], members: readonly PciMember[], chosen: ReadonlySet<number>): PciRow[] {
  const lastOf = new Map<string | null, PciRow>();
  for (const row of rows) for (const { group } of membersOf(row)) if (group !== null) lastOf.set(group, row);
  const loose = members.flatMap((member, place): MemberRow[] =>
    member.device === null && chosen.has(place) ? [{ kind: 'member', member, depth: 0 }] : [],
  );
  const beside = groupedBy(loose, ({ member }) => lastOf.get(member.group) ?? null);
  const alone = loose.filter(({ member }) => !lastOf.has(member.group));
  const placed = rows.flatMap((row) => [row, ...(beside.get(row) ?? [])]);
  return alone.length === 0 ? placed : [...placed, { kind: 'heading', words: 'Not on the PCI bus' }, ...alone];
}

function atMost(rows: readonly PciRow[], most: number, missing: number): PciRow[] {
  const kept = rows.slice(0, most);
  const cut = rows.slice(most).reduce((sum, row) => sum + membersOf(row).length, 0);
  return missing + cut === 0 ? kept : [...kept, { kind: 'more', count: missing + cut }];
}
