import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { UsageError } from '../usage-error.ts';
import type { Recording } from './recording.ts';
import { redact } from './redact.ts';
import { layOut } from './snapshot-layout.ts';
import { parseManifest, MANIFEST } from './snapshot-manifest.ts';
import { writeFailure } from './write-failure.ts';

/** How a recording is written. */
export interface SnapshotOptions {
  /** Version of passcheck. */
  readonly version: string;
  /** ISO 8601; the same time and recording give the same bytes. */
  readonly recordedAt: string;
  /** The configuration in force; it is stored, redacted like the rest. */
  readonly config?: unknown;
  /** Replace serials, UUIDs, MAC addresses, host and user names; true unless told. */
  readonly redact?: boolean;
  /**
   * Makes contents smaller before they are stored: a path, a path that ends in `*`, or an argv joined by blanks →
   * what is kept of the file or of the standard output (`pci.ids` has 1.4 MB, of which 2 kB matter).
   */
  readonly reduce?: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>>;
  /** Is told of the half-written file or folder, so that a signal can remove it, and when there is none any more. */
  readonly drafts?: { add(path: string): void; keep(path: string): void };
}

export interface WrittenSnapshot {
  /** As the user named it. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  /** How many different values of each kind were replaced; null when nothing was redacted on request. */
  readonly redacted: Readonly<Record<string, number>> | null;
}

/**
 * Writes a recording as a folder, or as an archive when `out` ends in `.tar.gz` or `.tgz`: beside its place first, so that
 * there is never half a snapshot. Replaces an older snapshot and nothing else; throws a {@link UsageError} when it cannot.
 */
export async function writeSnapshot(recording: Recording, out: string, options: SnapshotOptions): Promise<WrittenSnapshot> {
  const target = resolve(out);
  const isArchive = /\.(?:tar\.gz|tgz)$/.test(target);
  await refuseOthersFiles(out, target, isArchive);
  const reduced = reduceContents(recording, options.reduce ?? {});
  const kept = { recording: reduced, config: options.config ?? null, redacted: null };
  const { recording: stored, config, redacted } = options.redact === false ? kept : redact(reduced, options.config ?? null);
  const files = layOut(stored, { version: options.version, recordedAt: options.recordedAt, redacted, config });
  // What was not redacted is for the eyes of the caller.
  const mode = options.redact === false ? 0o600 : 0o666;
  try {
    const content = isArchive ? await pack(files) : files;
    writeBeside(target, content, mode, options.drafts);
  } catch (error) {
    throw new UsageError(`could not write ${out}: ${writeFailure(error)}; nothing was left behind`, { cause: error });
  }
  return { path: out, files: files.size, bytes: sum([...files.values()].map(({ length }) => length)), redacted };
}

async function refuseOthersFiles(out: string, target: string, isArchive: boolean): Promise<void> {
  const existing = lookAt(out, target);
  if (existing === undefined) {
    if (!fs.existsSync(dirname(target))) throw new UsageError(`could not write ${out}: there is no folder ${dirname(target)}`);
    return;
  }
  const isOurArchive = isArchive && existing.isFile() && (await isSnapshotArchive(target));
  const isOurFolder = !isArchive && existing.isDirectory() && isSnapshotFolder(target);
  if (!isOurArchive && !isOurFolder) throw new UsageError(`${out} exists and is not a snapshot: choose another name`);
}

function lookAt(out: string, target: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(target, { throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`could not write ${out}: ${writeFailure(error)}; nothing was left behind`, { cause: error });
  }
}

/** An empty folder, or one that holds a snapshot and nothing else. */
function isSnapshotFolder(folder: string): boolean {
  try {
    const names = fs.readdirSync(folder);
    if (names.length === 0) return true;
    const parts = new Set([MANIFEST, 'files', 'ranges', 'commands', 'other']);
    if (!names.includes(MANIFEST) || !names.every((name) => parts.has(name))) return false;
    parseManifest(folder, fs.readFileSync(join(folder, MANIFEST), 'utf8'));
    return true;
  } catch {
    return false;
  }
}

async function isSnapshotArchive(path: string): Promise<boolean> {
  const { openHost } = await import('./open.ts');
  try {
    const { host } = await openHost(path);
    return host.kind === 'snapshot';
  } catch {
    return false;
  }
}

function reduceContents(recording: Recording, reduce: NonNullable<SnapshotOptions['reduce']>): Recording {
  const rules = Object.entries(reduce);
  if (rules.length === 0) return recording;
  const reducer = (name: string) =>
    rules.find(([pattern]) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern))?.[1];
  const files = new Map(recording.files);
  for (const [path, reading] of files) {
    const change = reading.state === 'ok' ? reducer(path) : undefined;
    if (change !== undefined && reading.state === 'ok') files.set(path, { state: 'ok', value: change(reading.value) });
  }
  const commands = recording.commands.map((command) => {
    const change = reducer(command.argv.join(' '));
    if (change === undefined || command.reading.state !== 'ok') return command;
    const stdout = Buffer.from(change(Buffer.from(command.reading.value.stdout))).toString();
    return { argv: command.argv, reading: { state: 'ok' as const, value: { ...command.reading.value, stdout } } };
  });
  return { ...recording, files, commands };
}

/** A `.tar.gz` without times and owners: the same files give the same bytes. */
async function pack(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const [tar, { gzipSync }] = await Promise.all([import('tar-stream'), import('node:zlib')]);
  const stream = tar.pack();
  for (const [name, bytes] of files) stream.entry({ name, mode: 0o644, mtime: new Date(0) }, Buffer.from(bytes));
  stream.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks), { level: 9 });
}

type Content = Uint8Array | ReadonlyMap<string, Uint8Array>;

function writeBeside(target: string, content: Content, mode: number, drafts: SnapshotOptions['drafts']): void {
  const workshop = fs.mkdtempSync(join(dirname(target), `.${basename(target).slice(0, 100)}.`));
  drafts?.add(workshop);
  try {
    const draft = join(workshop, 'new');
    if (content instanceof Uint8Array) fs.writeFileSync(draft, content, { mode, flush: true });
    else writeFolder(draft, content, mode);
    const isFolder = !(content instanceof Uint8Array);
    if (isFolder && fs.existsSync(target)) fs.renameSync(target, join(workshop, 'old'));
    fs.renameSync(draft, target);
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true });
    drafts?.keep(workshop);
  }
}

function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>, mode: number): void {
  // A folder that may be read must also be entered.
  const folderMode = mode | ((mode & 0o444) >> 2);
  const made = new Set<string>();
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    if (!made.has(dirname(path))) fs.mkdirSync(dirname(path), { recursive: true, mode: folderMode });
    made.add(dirname(path));
    fs.writeFileSync(path, bytes, { mode, flag: 'wx' });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}
