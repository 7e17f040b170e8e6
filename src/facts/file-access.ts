import type { Reading } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import { accessByList, parseAccessLists } from './access-lists.ts';
import { type Credentials, type Permission, permissionBits } from './permissions.ts';

/** `depends`: the mode refuses, but an access control list may grant it. */
export type Access = 'granted' | 'denied' | 'depends';

/**
 * What the mode of a file says about a user. Where there is a list, the group bits are its mask: an entry can grant no more
 * than they show, so a user who is neither owner nor in the group is refused for sure when they lack the permission. acl(5)
 */
export function accessByMode({ mode, uid, gid }: FileStat, who: Credentials, wanted: readonly Permission[]): Access {
  const bits = permissionBits(wanted);
  const has = (shift: number): boolean => ((mode >> shift) & bits) === bits;
  if (who.uid === 0) return 'granted';
  if (who.uid === uid) return has(6) ? 'granted' : 'denied';
  if (who.gids.includes(gid)) return has(3) ? 'granted' : 'denied';
  if (has(0)) return 'granted';
  return has(3) ? 'depends' : 'denied';
}

/** May a user come to a file and use it? `blocked` and `unknown` name the first folder (or the file itself) that decides. */
export type Reach =
  | { readonly state: 'reachable' }
  | { readonly state: 'blocked'; readonly at: string; readonly stat: FileStat }
  | { readonly state: 'unknown'; readonly at: string; readonly reason: string };

/** What a person does about an access list that could not be seen. `question`: "may jane read and write?" */
export function hintAboutList({ at, reason }: Extract<Reach, { state: 'unknown' }>, question: string): string {
  return reason.includes('is not installed') ? 'install getfacl (package acl)' : `look at \`getfacl ${at}\` as root: ${question}`;
}

/** Walks from the root to a file, through the links on the way; runs getfacl only where the mode leaves it open. */
export async function reachFile(host: HostSource, path: string, who: Credentials, wanted: readonly Permission[]): Promise<Reach> {
  for (const step of stepsTo(path, host.real(path))) {
    const permissions: readonly Permission[] = step.isLast ? wanted : ['execute'];
    const stat = host.stat(step.path);
    if (stat.state === 'absent') return { state: 'unknown', at: step.path, reason: 'not there' };
    if (stat.state === 'unreadable') return { state: 'unknown', at: step.path, reason: stat.detail };
    const byMode = accessByMode(stat.value, who, permissions);
    if (byMode === 'denied') return { state: 'blocked', at: step.path, stat: stat.value };
    if (byMode === 'granted') continue;
    const byList = await askList(host, step.path, stat.value, who, permissions);
    if (typeof byList !== 'boolean') return { state: 'unknown', at: step.path, reason: byList.reason };
    if (!byList) return { state: 'blocked', at: step.path, stat: stat.value };
  }
  return { state: 'reachable' };
}

/** The folders of the path as written, then those of the path that links lead to, then the file. */
function stepsTo(path: string, real: Reading<string>): { path: string; isLast: boolean }[] {
  const folders = new Set([...parents(path), ...(real.state === 'ok' ? parents(real.value) : [])]);
  return [...[...folders].map((folder) => ({ path: folder, isLast: false })), { path, isLast: true }];
}

/** `/a/b/c` → `/`, `/a`, `/a/b`. */
function parents(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, index) => `/${names.slice(0, index).join('/')}`);
}

async function askList(
  host: HostSource,
  path: string,
  stat: FileStat,
  who: Credentials,
  wanted: readonly Permission[],
): Promise<boolean | { readonly reason: string }> {
  const result = await host.run(['getfacl', '-p', '-n', '--', path]);
  if (result.state === 'absent') return { reason: 'its mode refuses; getfacl, which would show an access list, is not installed' };
  if (result.state === 'unreadable') return { reason: `getfacl: ${result.detail}` };
  const list = parseAccessLists(result.value.stdout).get(path);
  if (result.value.exitCode !== 0 || list === undefined) return { reason: `getfacl ended with ${result.value.exitCode}` };
  return accessByList(list, stat, who, wanted);
}
