import type { FileStat } from '../host/source.ts';
import { type Credentials, type Permission, permissionBits } from './permissions.ts';

/** The access control list of one file. Permissions are bits: 4 read, 2 write, 1 execute. */
export interface AccessList {
  readonly users: ReadonlyMap<number, number>;
  readonly groups: ReadonlyMap<number, number>;
  readonly owningGroup: number;
  /** What every entry but the owner's and that of others is cut down to; null when there is no mask. */
  readonly mask: number | null;
  readonly others: number;
}

/** The lists of `getfacl --absolute-names --numeric`, by path. Defaults for new files are passed over. getfacl(1) */
export function parseAccessLists(text: string): Map<string, AccessList> {
  const lists = new Map<string, AccessList>();
  for (const block of text.split(/\n{2,}/)) {
    const path = /^# file: (.+)$/m.exec(block)?.[1];
    if (path !== undefined) lists.set(unescape(path), parseEntries(block));
  }
  return lists;
}

function parseEntries(block: string): AccessList {
  const list = {
    users: new Map<number, number>(),
    groups: new Map<number, number>(),
    owningGroup: 0,
    mask: null as number | null,
    others: 0,
  };
  for (const [, tag, id = '', letters = ''] of block.matchAll(/^(user|group|mask|other):(\d{0,10}):([r-][w-][x-])/gm)) {
    const bits = bitsOf(letters);
    if (tag === 'user' && id !== '') list.users.set(Number(id), bits);
    if (tag === 'group' && id !== '') list.groups.set(Number(id), bits);
    if (tag === 'group' && id === '') list.owningGroup = bits;
    if (tag === 'mask') list.mask = bits;
    if (tag === 'other') list.others = bits;
  }
  return list;
}

function bitsOf(letters: string): number {
  return (letters[0] === 'r' ? 4 : 0) | (letters[1] === 'w' ? 2 : 0) | (letters[2] === 'x' ? 1 : 0);
}

/** getfacl writes blanks and control characters as `\040`, a backslash as `\\`. */
function unescape(path: string): string {
  return path.replace(/\\(\\|[0-3][0-7]{2})/g, (_, code: string) =>
    code === '\\' ? code : String.fromCodePoint(Number.parseInt(code, 8)),
  );
}

/** The kernel's rule: an entry for the user decides alone, then any entry for one of the groups, then others. acl(5) */
export function accessByList(list: AccessList, { gid }: FileStat, who: Credentials, wanted: readonly Permission[]): boolean {
  const bits = permissionBits(wanted);
  const grants = (entry: number): boolean => (entry & bits) === bits;
  const masked = (entry: number): boolean => grants(list.mask === null ? entry : entry & list.mask);
  const own = list.users.get(who.uid);
  if (own !== undefined) return masked(own);
  const groups = [...(who.gids.includes(gid) ? [list.owningGroup] : []), ...who.gids.flatMap((id) => list.groups.get(id) ?? [])];
  return groups.length > 0 ? groups.some(masked) : grants(list.others);
}
