import { mapReading, type Reading } from './reading.ts';
import type { Recording } from './recording.ts';
import { createEditor, type Editor, type Literal } from './redact-editor.ts';
import { findNames } from './redact-names.ts';
import type { Replace, SecretKind } from './redact-patterns.ts';
import { pseudonyms } from './redact-pseudonyms.ts';
import { baseNameOf, folderOf } from './tree-store.ts';

/** A recording without identifying values. */
export interface Redacted {
  readonly recording: Recording;
  readonly config: unknown;
  /** How many different values of each kind were replaced: `serial`, `uuid`, `mac`, `ip`, `user`, `host`, `password`. */
  readonly redacted: Readonly<Record<string, number>>;
}

/**
 * Replaces what identifies a machine or a person: serial numbers, UUIDs, MAC and public IP addresses, host and user names,
 * passwords. The same value becomes the same pseudonym everywhere (contents, paths, lists, commands, configuration), and
 * sorted values stay sorted, so that the checks judge the redacted recording as they judge the original.
 */
export function redact(recording: Recording, config: unknown): Redacted {
  const names = findNames(recording);
  const found = new Map<SecretKind, Set<string>>();
  const collect: Replace = (kind, value) => {
    found.set(kind, (found.get(kind) ?? new Set()).add(value));
    return value;
  };
  rewrite(recording, config, createEditor(names, [], collect));
  const replace = pseudonyms(found);
  const result = rewrite(recording, config, createEditor(names, distinctive(found), replace));
  return { ...result, redacted: countByKind(found) };
}

function countByKind(found: ReadonlyMap<SecretKind, ReadonlySet<string>>): Record<string, number> {
  const kinds = [...found.keys()].toSorted();
  return Object.fromEntries(kinds.map((kind) => [kind, found.get(kind)?.size ?? 0]));
}

/** Serial numbers and addresses that can be nothing else are sought everywhere: `S64DNX0R123456`, not `1234`. */
function distinctive(found: ReadonlyMap<SecretKind, ReadonlySet<string>>): Literal[] {
  const serials = [...(found.get('serial') ?? [])].filter(
    (value) => value.length >= 6 && /\d/.test(value) && (/[A-Za-z]/.test(value) || value.length >= 8),
  );
  const macs = [...(found.get('mac') ?? [])];
  return [
    ...serials.map((value): Literal => [value, 'serial', value]),
    ...macs.map((value): Literal => [value.replaceAll(':', ''), 'mac', value]),
  ];
}

function rewrite(recording: Recording, config: unknown, editor: Editor): Omit<Redacted, 'redacted'> {
  const rewritten: Recording = {
    files: mapTable(recording.files, editor, (bytes, path) => editor.contents(path, bytes)),
    ranges: recording.ranges.map((range) => ({
      ...range,
      path: editor.path(range.path),
      reading: mapAnswer(range.reading, editor, (bytes) => editor.contents(range.path, bytes)),
    })),
    lists: mapTable(recording.lists, editor, (names, folder) => [...new Set(names.map((name) => editor.nameIn(folder, name)))].toSorted()),
    links: mapTable(recording.links, editor, (target, path) => linkTarget(target, path, editor)),
    reals: mapTable(recording.reals, editor, (real) => editor.path(real)),
    stats: mapTable(recording.stats, editor, (stat) => stat),
    space: mapTable(recording.space, editor, (space) => space),
    writable: mapTable(recording.writable, editor, (is) => is),
    environment: new Map([...recording.environment].map(([name, value]) => [name, mapAnswer(value, editor, (text) => editor.text(text))])),
    commands: recording.commands.map(({ argv, reading }) => ({
      argv: argv.map((word) => editor.text(word)),
      reading: mapAnswer(reading, editor, ({ exitCode, stdout, stderr }) => ({
        exitCode,
        stdout: editor.text(stdout),
        stderr: editor.text(stderr),
      })),
    })),
  };
  return { recording: rewritten, config: rewriteJson(config, editor) };
}

function mapTable<T, U>(
  table: ReadonlyMap<string, Reading<T>>,
  editor: Editor,
  change: (value: T, path: string) => U,
): Map<string, Reading<U>> {
  return new Map([...table].map(([path, reading]) => [editor.path(path), mapAnswer(reading, editor, (value) => change(value, path))]));
}

/** The detail of a failure can name a path. */
function mapAnswer<T, U>(reading: Reading<T>, editor: Editor, change: (value: T) => U): Reading<U> {
  return reading.state === 'unreadable' ? { ...reading, detail: editor.text(reading.detail) } : mapReading(reading, change);
}

/** A relative target means what it means in the folder of its link. */
function linkTarget(target: string, path: string, editor: Editor): string {
  if (target.includes('/'))
    return path.startsWith('/sys/') && !target.startsWith('/') ? editor.path(`/sys/${target}`).slice(5) : editor.path(target);
  return baseNameOf(editor.path(`${folderOf(path)}/${target}`));
}

function rewriteJson(value: unknown, editor: Editor): unknown {
  if (typeof value === 'string') return editor.text(value);
  if (Array.isArray(value)) return value.map((item) => rewriteJson(item, editor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewriteJson(item, editor)]));
}
