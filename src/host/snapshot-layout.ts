import type { Reading } from './reading.ts';
import { QUESTIONS, type Question, type Recording } from './recording.ts';
import { MANIFEST, type Manifest, SNAPSHOT_SCHEMA } from './snapshot-manifest.ts';
import { baseNameOf, folderOf, isPlainPath } from './tree-store.ts';

/** What a snapshot says about itself. */
export interface SnapshotMetadata {
  /** Version of the passcheck that recorded it. */
  readonly version: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  /** How many values of each kind were replaced; null when nothing was redacted. */
  readonly redacted: Readonly<Record<string, number>> | null;
  /** The configuration that was in force. */
  readonly config: unknown;
}

/** The files of a snapshot: path in it → bytes, the manifest first. The same recording gives the same bytes. */
export function layOut(recording: Recording, metadata: SnapshotMetadata): Map<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  const other = storeFiles(recording, contents);
  const ranges = storeRanges(recording, contents, Object.keys(other).length);
  const commands = storeCommands(recording, contents);
  const manifest: Manifest = {
    schema: SNAPSHOT_SCHEMA,
    tool: { name: 'passcheck', version: metadata.version },
    recordedAt: metadata.recordedAt,
    redacted: metadata.redacted === null ? null : { ...metadata.redacted },
    config: metadata.config ?? null,
    ...positiveAnswers(recording),
    absent: absentAnswers(recording),
    unreadable: unreadableAnswers(recording),
    ranges,
    other,
    commands,
  };
  return new Map([[MANIFEST, Buffer.from(printManifest(manifest))], ...sorted(contents)]);
}

/** Files go to `files/<path>`; those whose path is no usable file name here go to `other/`. */
function storeFiles({ files }: Recording, contents: Map<string, Uint8Array>): Record<string, string> {
  const stored = values(files);
  const folders = new Set<string>();
  for (const [path] of stored.filter(([name]) => isPlainPath(name))) {
    for (let folder = folderOf(path); folder !== '' && !folders.has(folder); folder = folderOf(folder)) folders.add(folder);
  }
  const other: Record<string, string> = {};
  for (const [path, bytes] of stored) {
    if (isPlainPath(path) && !folders.has(path) && isStorable(path)) contents.set(`files${path}`, bytes);
    else contents.set((other[path] = `other/${number(Object.keys(other).length)}`), bytes);
  }
  return other;
}

/** 255 bytes for a name, 4096 for a path are the limits of Linux; the snapshot's own folder needs some of them. */
function isStorable(path: string): boolean {
  return Buffer.byteLength(path) < 3000 && path.split('/').every((name) => Buffer.byteLength(name) <= 255);
}

function storeRanges({ ranges }: Recording, contents: Map<string, Uint8Array>, first: number): Manifest['ranges'] {
  return ranges
    .toSorted((a, b) => compare(a.path, b.path) || a.offset - b.offset || a.length - b.length)
    .map(({ path, offset, length, reading }, index) => {
      const own = `ranges${path}@${offset}+${length}`;
      const file = isPlainPath(path) && isStorable(own) ? own : `other/${number(first + index)}`;
      if (reading.state === 'ok') contents.set(file, reading.value);
      return { path, offset, length, ...(reading.state === 'ok' ? { file } : negative(reading)) };
    });
}

function storeCommands({ commands }: Recording, contents: Map<string, Uint8Array>): Manifest['commands'] {
  return commands
    .toSorted((a, b) => compare(a.argv.join('\0'), b.argv.join('\0')))
    .map(({ argv, reading }, index) => {
      if (reading.state !== 'ok') return { argv: [...argv], ...negative(reading) };
      const stored: Record<string, string> = {};
      for (const stream of ['stdout', 'stderr'] as const) {
        if (reading.value[stream] === '') continue;
        stored[stream] = `commands/${number(index)}.${stream}`;
        contents.set(stored[stream], Buffer.from(reading.value[stream]));
      }
      return { argv: [...argv], exitCode: reading.value.exitCode, ...stored };
    });
}

function negative(reading: Exclude<Reading<unknown>, { state: 'ok' }>): Pick<Manifest['commands'][number], 'absent' | 'unreadable'> {
  return reading.state === 'absent' ? { absent: true } : { unreadable: { reason: reading.reason, detail: reading.detail } };
}

function positiveAnswers(
  recording: Recording,
): Pick<Manifest, 'lists' | 'links' | 'reals' | 'stats' | 'space' | 'writable' | 'environment'> {
  const links = new Map<string, [string, string][]>();
  for (const [path, target] of values(recording.links)) {
    const folder = folderOf(path);
    links.set(folder, [...(links.get(folder) ?? []), [baseNameOf(path), target]]);
  }
  return {
    lists: Object.fromEntries(values(recording.lists).map(([path, names]) => [path, [...names]])),
    links: Object.fromEntries([...links].map(([folder, entries]) => [folder, Object.fromEntries(entries)])),
    reals: Object.fromEntries(values(recording.reals)),
    stats: Object.fromEntries(
      values(recording.stats).map(([path, { kind, size, mode, uid, gid, mtimeMs }]) => [
        path,
        [kind, size, mode.toString(8), uid, gid, mtimeMs] satisfies Manifest['stats'][string],
      ]),
    ),
    space: Object.fromEntries(
      values(recording.space).map(([path, { totalBytes, availableBytes }]) => [
        path,
        [totalBytes, availableBytes] satisfies [number, number],
      ]),
    ),
    writable: Object.fromEntries(values(recording.writable)),
    environment: Object.fromEntries(values(recording.environment)),
  };
}

function absentAnswers(recording: Recording): Manifest['absent'] {
  const byFolder = (question: Question): Record<string, string[]> => {
    const folders: Record<string, string[]> = {};
    for (const [path, { state }] of sorted<Reading<unknown>>(recording[question])) {
      if (state === 'absent') (folders[folderOf(path)] ??= []).push(baseNameOf(path));
    }
    return folders;
  };
  return {
    files: byFolder('files'),
    lists: byFolder('lists'),
    links: byFolder('links'),
    reals: byFolder('reals'),
    stats: byFolder('stats'),
    space: byFolder('space'),
    writable: byFolder('writable'),
    environment: sorted(recording.environment).flatMap(([name, { state }]) => (state === 'absent' ? [name] : [])),
  };
}

function unreadableAnswers(recording: Recording): Manifest['unreadable'] {
  return [...QUESTIONS, 'environment' as const].flatMap((question) =>
    sorted<Reading<unknown>>(recording[question]).flatMap(([path, reading]) =>
      reading.state === 'unreadable' ? [{ question, path, reason: reading.reason, detail: reading.detail }] : [],
    ),
  );
}

/** One line for each path, so that two snapshots can be compared with diff. */
function printManifest(manifest: Manifest): string {
  const lines = Object.entries(manifest).map(([key, value]) => `${JSON.stringify(key)}: ${printValue(value, 2)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function printValue(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null || depth === 0) return JSON.stringify(value) ?? 'null';
  const indent = '  '.repeat(3 - depth);
  const end = '  '.repeat(2 - depth);
  if (Array.isArray(value)) {
    const items = value.map((item) => `${indent}${JSON.stringify(item)}`);
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${end}]`;
  }
  const nested = depth === 2 && Object.values(value).some((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
  const items = Object.entries(value).map(([key, item]) => `${indent}${JSON.stringify(key)}: ${printValue(item, nested ? depth - 1 : 0)}`);
  return items.length === 0 ? '{}' : `{\n${items.join(',\n')}\n${end}}`;
}

function values<T>(readings: ReadonlyMap<string, Reading<T>>): [string, T][] {
  return sorted(readings).flatMap(([path, reading]): [string, T][] => (reading.state === 'ok' ? [[path, reading.value]] : []));
}

function sorted<T>(entries: ReadonlyMap<string, T>): [string, T][] {
  return [...entries].toSorted(([a], [b]) => compare(a, b));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function number(index: number): string {
  return String(index).padStart(3, '0');
}
