import type { Reading } from './reading.ts';
import type { Recording } from './recording.ts';
import { isGenericName } from './redact-kept.ts';
import type { Replace } from './redact-patterns.ts';
import { baseNameOf, folderOf } from './tree-store.ts';

/** Names of people and of the host, as the recording itself tells them. Bytes as Latin-1, like the texts they are sought in. */
export interface Names {
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  /** Names that are also words of the system ("max"): replaced only where they can be nothing but a name. */
  readonly ambiguous: ReadonlySet<string>;
}

/** Bytes as text and back without loss, whatever they are. */
export function toLatin1(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
}

export function fromLatin1(text: string): string {
  return Buffer.from(text, 'latin1').toString();
}

/** Finds the names in /etc/passwd, home folders, sessions, the environment and the places where Linux keeps its host name. */
export function findNames(recording: Recording): Names {
  const users = new Set<string>();
  const hosts = new Set<string>();
  for (const [path, text] of textsOf(recording)) {
    if (/(?:^|\/)passwd(?: |$)/.test(path)) for (const name of peopleIn(text)) users.add(name);
    if (/^\/run\/systemd\/(?:sessions|users)\//.test(path)) addAll(users, text, /^(?:USER|NAME)=([^\s]+)$/gm);
    if (path !== 'argv') addAll(users, text, /\/home\/([A-Za-z_][\w.-]{1,31})(?![\w.-])/g);
    if (/^\/(?:proc\/sys\/kernel|etc)\/hostname$|^hostname\b|^uname -n$/.test(path)) addAll(hosts, text, /^([\w.-]+)$/gm);
    if (path === '/etc/machine-info') addAll(hosts, text, /^PRETTY_HOSTNAME="?([^"\n]+)/gm);
    if (path === '/etc/hosts') addAll(hosts, text, /^127\.0\.1\.1[ \t]+([^\s]+)/gm);
  }
  for (const [name, value] of recording.environment) {
    if (value.state !== 'ok') continue;
    if (/^(?:SUDO_USER|USER|LOGNAME)$/.test(name)) users.add(toLatin1(value.value));
    if (name === 'HOSTNAME') hosts.add(toLatin1(value.value));
  }
  const allHosts = [...hosts].flatMap((host) => [host, host.split('.')[0] ?? host]);
  const words = systemWords(recording);
  const keptUsers = [...users].filter((name) => !isGenericName(name) && !/\.(?:iso|qcow2|raw|img|xml|vmdk|rom|fd|bin)$/i.test(name));
  const keptHosts = [...new Set(allHosts)].filter((name) => !isGenericName(name));
  return {
    users: keptUsers,
    hosts: keptHosts,
    ambiguous: new Set([...keptUsers, ...keptHosts].filter((name) => words.has(name) || name.length < 3)),
  };
}

function addAll(names: Set<string>, text: string, pattern: RegExp): void {
  for (const [, name] of text.matchAll(pattern)) if (name !== undefined) names.add(name);
}

/** Users have ids from 1000 to 59999, or 60513 with systemd-homed; distributions give the others to services. */
export function isPersonId(uid: number): boolean {
  return uid >= 1000 && uid <= 60_513;
}

function peopleIn(passwd: string): string[] {
  return passwd.split('\n').flatMap((line) => {
    const [name = '', , uid = '', , fullName = ''] = line.split(':');
    const isPerson = /^\d{4,5}$/.test(uid) && isPersonId(Number(uid)) && name !== '';
    const [first = ''] = fullName.split(',');
    return isPerson ? [name, ...(/\S\s+\S/.test(first) ? [first.trim()] : [])] : [];
  });
}

function* textsOf(recording: Recording): Generator<[string, string]> {
  for (const [path, reading] of recording.files) {
    if (reading.state === 'ok' && !path.startsWith('/sys/')) yield [path, Buffer.from(reading.value).toString('latin1')];
  }
  for (const { argv, reading } of recording.commands) {
    const name = argv.join(' ');
    yield ['argv', toLatin1(name)];
    if (reading.state === 'ok') yield [name, toLatin1(reading.value.stdout)];
  }
  for (const path of pathsOf(recording)) yield ['path', toLatin1(path)];
}

function* pathsOf(recording: Recording): Generator<string> {
  const { files, lists, links, reals, stats, space, writable } = recording;
  for (const paths of [files, lists, links, reals, stats, space, writable]) yield* paths.keys();
  for (const [path, names] of lists) if (names.state === 'ok') for (const name of names.value) yield `${path}/${name}`;
  for (const targets of [links, reals]) for (const target of targets.values()) if (target.state === 'ok') yield target.value;
  for (const reading of recording.environment.values()) if (reading.state === 'ok') yield reading.value;
}

/** Words that stand in the system's own paths, attributes and commands, where no name of a person stands. */
function systemWords(recording: Recording): Set<string> {
  const words = new Set<string>();
  for (const path of pathsOf(recording)) {
    if (!/^\/(?:sys|proc|dev|usr|lib|lib64|bin|sbin|boot)\//.test(path)) continue;
    for (let at = path; at !== ''; at = folderOf(at)) words.add(baseNameOf(at));
  }
  for (const { argv } of recording.commands) words.add(baseNameOf(argv[0] ?? ''));
  for (const [path, reading] of recording.files) {
    if (SYSTEM_TEXT.test(path)) for (const word of attributeText(reading).split(/[^A-Za-z0-9]+/)) words.add(word);
  }
  return words;
}

/** What the kernel and the distribution say of themselves; people give names to their keyboards and head sets. */
const SYSTEM_TEXT = /^\/sys\/(?!.*\/(?:input|hid|bluetooth|usb\d*|net)\/)|^\/proc\/sys\/kernel\/osrelease$|\/os-release$/;

function attributeText(reading: Reading<Uint8Array>): string {
  return reading.state === 'ok' && reading.value.length < 2048 ? Buffer.from(reading.value).toString('latin1') : '';
}

/** Replaces the names in a text (Latin-1): whole words, `_` parts them. */
export function nameReplacer({ users, hosts, ambiguous }: Names, replace: Replace): (text: string) => string {
  const kinds = new Map([...users.map((name) => [name, 'user'] as const), ...hosts.map((name) => [name, 'host'] as const)]);
  const clear = anyOf([...kinds.keys()].filter((name) => !ambiguous.has(name)));
  const unclear = anyOf([...kinds.keys()].filter((name) => ambiguous.has(name)));
  const anywhere = new RegExp(`(?<![A-Za-z0-9])(?:${clear})(?![A-Za-z0-9])`, 'g');
  const inHome = new RegExp(`(?<=/(?:home|media|users)/)(?:${unclear})(?![\\w.-])`, 'g');
  const alone = new RegExp(`(?<=^|["'(=,:])(?:${unclear})(?=$|["'),:\\s])`, 'gm');
  const put = (name: string): string => replace(kinds.get(name) ?? 'user', name);
  return (text) => {
    const known = clear === '' ? text : text.replace(anywhere, put);
    return unclear === '' ? known : known.replace(inHome, put).replace(alone, put);
  };
}

function anyOf(names: readonly string[]): string {
  return names
    .toSorted((a, b) => b.length - a.length)
    .map(escape)
    .join('|');
}

function escape(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`);
}
