import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { optionalText, requiredText } from './read.ts';

export interface UserAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface GroupAccount {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/**
 * Users and groups as configured: what is in effect after the next login. Only those of the files: accounts of LDAP, SSSD
 * or systemd-userdb are not here, so a missing name proves nothing where such a service is in use.
 */
export interface Accounts {
  readonly users: readonly UserAccount[];
  readonly groups: readonly GroupAccount[];
}

/** Users and groups of /etc/passwd and /etc/group, and of /usr/lib (nss-altfiles: Fedora Atomic keeps system users there). */
export const accounts = defineFact({
  id: 'accounts',
  collect: (host): Accounts => ({
    users: parsePasswd(both(host, 'passwd')),
    groups: parseGroups(both(host, 'group')),
  }),
});

function both(host: HostSource, name: string): string {
  return `${requiredText(host, `/etc/${name}`)}\n${optionalText(host, `/usr/lib/${name}`) ?? ''}`;
}

/** Lines `name:password:uid:gid:gecos:home:shell` (passwd(5)); anything else is skipped, the first of two equal names counts. */
export function parsePasswd(text: string): UserAccount[] {
  const users = text.split('\n').flatMap((line): UserAccount[] => {
    const [name = '', , uid = '', gid = '', , home = ''] = line.split(':');
    return isName(name) && isId(uid) && isId(gid) ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [];
  });
  return firstOfEachName(users);
}

/** Lines `name:password:gid:member,member` (group(5)); anything else is skipped, the first of two equal names counts. */
export function parseGroups(text: string): GroupAccount[] {
  const groups = text.split('\n').flatMap((line): GroupAccount[] => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    if (!isName(name) || !isId(gid)) return [];
    const names = members.split(',').map((member) => member.trim());
    return [{ name, gid: Number(gid), members: names.filter((member) => member !== '') }];
  });
  return firstOfEachName(groups);
}

/** `+` and `-` begin the entries of NIS, `#` a comment. */
function isName(name: string): boolean {
  return name !== '' && !/^[+\-#\s]/.test(name);
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}

function firstOfEachName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const byName = new Map<string, T>();
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return [...byName.values()];
}

/** The groups that a new process of this user is in: the primary one first, then those that list it. */
export function configuredGroups({ groups }: Accounts, user: { readonly name: string | null; readonly gid: number }): GroupAccount[] {
  const primary = groups.find(({ gid }) => gid === user.gid) ?? { name: String(user.gid), gid: user.gid, members: [] };
  const { name } = user;
  const listed = groups.filter(({ gid, members }) => gid !== user.gid && name !== null && members.includes(name));
  return [primary, ...listed];
}
