import { ABSENT, ok, type Reading, unreadable } from './reading.ts';
import type { Question } from './recording.ts';
import type { Manifest } from './snapshot-manifest.ts';
import { type CommandResult, DEFAULT_READ_LIMIT, type FileStat, type HostSource, RANGE_READ_LIMIT } from './source.ts';
import { baseNameOf, folderOf, isPlainPath, type TreeStore } from './tree-store.ts';

const WHOLE_FILE_LIMIT = 64 * 1024 * 1024;
const decoder = new TextDecoder();

/**
 * A host as `passcheck snapshot` recorded it. It answers what was asked when it was recorded, and what follows from that
 * with certainty (a name that is missing in a recorded folder is absent); everything else is `not-recorded`. Contents are
 * read when they are asked for: opening costs one JSON document.
 */
export function snapshotHost(store: TreeStore, manifest: Manifest): HostSource {
  const negative = negativeAnswers(manifest);
  const answer = <T, U>(question: Question, path: string, value: T | undefined, toAnswer: (value: T) => U): Reading<U> =>
    value === undefined ? (negative(question, path) ?? missing(manifest, path)) : ok(toAnswer(value));
  const file = (path: string, limit: number): Reading<Uint8Array> => {
    const known = negative('files', path);
    if (known !== undefined) return known;
    const other = own(manifest.other, path);
    if (other === undefined && !isPlainPath(path)) return notRecorded(manifest);
    const stored = store.bytes(other === undefined ? `/files${path}` : `/${other}`, limit);
    return stored.state === 'absent' ? missing(manifest, path) : stored;
  };
  return {
    kind: 'snapshot',
    read: (path, limit = DEFAULT_READ_LIMIT) => file(path, limit),
    readRange: (path, offset, length) => recordedRange(store, manifest, { path, offset, length }) ?? partOf(file, path, offset, length),
    list: (path) => answer('lists', path, own(manifest.lists, path), (names) => names),
    link: (path) => answer('links', path, own(own(manifest.links, folderOf(path)) ?? {}, baseNameOf(path)), (target) => target),
    real: (path) => answer('reals', path, own(manifest.reals, path), (real) => real),
    stat: (path) => answer('stats', path, own(manifest.stats, path), toStat),
    space: (path) => answer('space', path, own(manifest.space, path), ([totalBytes, availableBytes]) => ({ totalBytes, availableBytes })),
    writable: (path) => answer('writable', path, own(manifest.writable, path), (is) => is),
    environment: (name) => {
      const value = own(manifest.environment, name);
      return value === undefined ? (negative('environment', name) ?? notRecorded(manifest)) : ok(value);
    },
    run: async (argv) => commandResult(store, manifest, argv),
  };
}

function toStat([kind, size, mode, uid, gid, mtimeMs]: Manifest['stats'][string]): FileStat {
  return { kind, size, mode: Number.parseInt(mode, 8), uid, gid, mtimeMs };
}

/** The recorded "absent" and "could not look"; undefined when the question was not asked. */
function negativeAnswers({ absent, unreadable: entries }: Manifest) {
  const troubles = new Map(entries.map((entry) => [`${entry.question} ${entry.path}`, entry]));
  return (question: Question | 'environment', path: string): Reading<never> | undefined => {
    const trouble = troubles.get(`${question} ${path}`);
    if (trouble !== undefined) return unreadable(trouble.reason, trouble.detail);
    const isAbsent = question === 'environment' ? absent.environment.includes(path) : holds(absent[question], path);
    return isAbsent ? ABSENT : undefined;
  };
}

function missing(manifest: Manifest, path: string): Reading<never> {
  return isKnownAbsent(manifest, path) ? ABSENT : notRecorded(manifest);
}

function notRecorded({ tool }: Manifest): Reading<never> {
  return unreadable('not-recorded', `passcheck ${tool.version} did not record it`);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function holds(table: Readonly<Record<string, readonly string[]>>, path: string): boolean {
  return own(table, folderOf(path))?.includes(baseNameOf(path)) === true;
}

/** Was this path, or a folder above it, seen to be missing? A list that was recorded names everything in its folder. */
function isKnownAbsent(manifest: Manifest, path: string): boolean {
  if (!isPlainPath(path)) return false;
  const { absent, lists } = manifest;
  if (holds(absent.stats, path)) return true;
  for (let child = path; child !== ''; child = folderOf(child)) {
    const folder = folderOf(child);
    const names = own(lists, folder || '/');
    if (names !== undefined && !names.includes(baseNameOf(child))) return true;
    if (folder !== '' && (holds(absent.lists, folder) || holds(absent.stats, folder))) return true;
  }
  return false;
}

interface Range {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

function recordedRange(store: TreeStore, manifest: Manifest, { path, offset, length }: Range): Reading<Uint8Array> | undefined {
  const range = manifest.ranges.find((entry) => entry.path === path && entry.offset === offset && entry.length === length);
  if (range === undefined) return undefined;
  if (range.absent === true) return ABSENT;
  if (range.unreadable !== undefined) return unreadable(range.unreadable.reason, range.unreadable.detail);
  const stored = range.file === undefined ? ABSENT : store.bytes(`/${range.file}`, RANGE_READ_LIMIT);
  return stored.state === 'absent' ? notRecorded(manifest) : stored;
}

function partOf(
  file: (path: string, limit: number) => Reading<Uint8Array>,
  path: string,
  offset: number,
  length: number,
): Reading<Uint8Array> {
  if (length > RANGE_READ_LIMIT) return unreadable('too-large', `more than ${RANGE_READ_LIMIT} bytes asked for`);
  const whole = file(path, WHOLE_FILE_LIMIT);
  return whole.state === 'ok' ? ok(whole.value.subarray(offset, offset + length)) : whole;
}

function commandResult(store: TreeStore, manifest: Manifest, argv: readonly string[]): Reading<CommandResult> {
  const command = manifest.commands.find((entry) => entry.argv.length === argv.length && entry.argv.every((word, at) => word === argv[at]));
  if (command === undefined) return notRecorded(manifest);
  if (command.absent === true) return ABSENT;
  if (command.unreadable !== undefined) return unreadable(command.unreadable.reason, command.unreadable.detail);
  const stdout = outputText(store, command.stdout);
  const stderr = outputText(store, command.stderr);
  if (command.exitCode === undefined || stdout === undefined || stderr === undefined) {
    return unreadable('failed', 'the snapshot has lost the output of this command');
  }
  return ok({ exitCode: command.exitCode, stdout, stderr });
}

function outputText(store: TreeStore, file: string | undefined): string | undefined {
  if (file === undefined) return '';
  const stored = store.bytes(`/${file}`, WHOLE_FILE_LIMIT);
  return stored.state === 'ok' ? decoder.decode(stored.value) : undefined;
}
