import { ABSENT, ok, type Reading, unreadable, type UnreadableReason } from './reading.ts';
import {
  type CommandResult,
  DEFAULT_READ_LIMIT,
  type FileStat,
  type FileSystemSpace,
  type HostSource,
  RANGE_READ_LIMIT,
} from './source.ts';

/** What an in-memory host has. Whatever is not listed is absent; folders exist when something in them does. */
export interface MemoryHost {
  /** Path → text or bytes. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Path → target, absolute or relative to the link's folder. */
  readonly links?: Readonly<Record<string, string>>;
  /** Path → offset → the bytes there, for files too large to write down; give their size in `stats`. */
  readonly ranges?: Readonly<Record<string, Readonly<Record<number, string | Uint8Array>>>>;
  /** Folders that exist though nothing is in them. */
  readonly folders?: readonly string[];
  /** Path (or argv joined by blanks) → why it cannot be looked at. */
  readonly unreadable?: Readonly<Record<string, UnreadableReason>>;
  readonly stats?: Readonly<Record<string, Partial<FileStat>>>;
  readonly space?: Readonly<Record<string, FileSystemSpace>>;
  readonly writable?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** argv joined by blanks → standard output of a success, or the whole result. */
  readonly commands?: Readonly<Record<string, string | CommandResult>>;
}

const MAX_LINKS = 40;

/** A host for tests: small, explicit, without a file system. */
export function memoryHost(host: MemoryHost): HostSource {
  const files = host.files ?? {};
  const links = host.links ?? {};
  const folders = folderContents([...Object.keys(files), ...Object.keys(links), ...Object.keys(host.stats ?? {})], host.folders ?? []);
  const real = (path: string): Reading<string> => follow(path, links);
  const refused = (path: string): Reading<never> | undefined => {
    const reason = host.unreadable?.[path];
    return reason === undefined ? undefined : unreadable(reason, reason === 'denied' ? 'permission denied' : reason);
  };
  const at = <T>(path: string, answer: (target: string) => Reading<T>): Reading<T> => {
    const target = real(path);
    if (target.state !== 'ok') return target;
    return refused(path) ?? refused(target.value) ?? answer(target.value);
  };
  const statAt = (path: string): Reading<FileStat> => {
    const content = files[path];
    const given = host.stats?.[path];
    if (content === undefined && given === undefined && !folders.has(path)) return ABSENT;
    const kind = content === undefined && folders.has(path) ? 'directory' : 'file';
    const size = content === undefined ? 0 : Buffer.byteLength(content);
    return ok({ kind, size, mode: kind === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, mtimeMs: 0, ...given });
  };
  return {
    kind: 'memory',
    read: (path, limit = DEFAULT_READ_LIMIT) =>
      at(path, (target) => {
        const content = files[target];
        if (content === undefined) return folders.has(target) ? unreadable('failed', 'not a regular file') : ABSENT;
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        return bytes.length > limit ? unreadable('too-large', `larger than ${limit} bytes`) : ok(bytes);
      }),
    readRange: (path, offset, length) =>
      at(path, (target) => {
        if (length > RANGE_READ_LIMIT) return unreadable('too-large', `more than ${RANGE_READ_LIMIT} bytes asked for`);
        const stat = statAt(target);
        if (stat.state !== 'ok') return stat;
        if (stat.value.kind !== 'file') return unreadable('failed', 'not a regular file');
        const content = files[target];
        if (content !== undefined) return ok(Buffer.from(content).subarray(offset, offset + length));
        return ok(bytesAt(host.ranges?.[target] ?? {}, offset, Math.max(0, Math.min(length, stat.value.size - offset))));
      }),
    list: (path) =>
      at(path, (target) => {
        const names = folders.get(target);
        return names === undefined ? ABSENT : ok([...names].toSorted());
      }),
    link: (path) => refused(path) ?? linkAt(path, links),
    real: (path) =>
      at(path, (target) =>
        files[target] === undefined && !folders.has(target) && host.stats?.[target] === undefined ? ABSENT : ok(target),
      ),
    stat: (path) => at(path, statAt),
    space: (path) => at(path, (target) => nearest(target, host.space ?? {})),
    writable: (path) => at(path, (target) => (statAt(target).state === 'ok' ? ok((host.writable ?? []).includes(target)) : ABSENT)),
    environment: (name) => {
      const value = host.environment?.[name];
      return value === undefined ? ABSENT : ok(value);
    },
    run: async (argv) => {
      const key = argv.join(' ');
      const result = host.commands?.[key];
      if (result === undefined) return refused(key) ?? ABSENT;
      return ok(typeof result === 'string' ? { exitCode: 0, stdout: result, stderr: '' } : result);
    },
  };
}

/** Zeros, with the given pieces laid over them. */
function bytesAt(pieces: Readonly<Record<number, string | Uint8Array>>, offset: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  for (const [at, piece] of Object.entries(pieces)) {
    const start = Number(at) - offset;
    const content = Buffer.from(piece).subarray(Math.max(0, -start));
    if (start < length) bytes.set(content.subarray(0, length - Math.max(0, start)), Math.max(0, start));
  }
  return bytes;
}

function folderContents(paths: readonly string[], empty: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>([['/', new Set()], ...empty.map((path): [string, Set<string>] => [path, new Set()])]);
  for (const path of [...paths, ...empty]) {
    for (let child = path; child !== '/';) {
      const cut = child.lastIndexOf('/');
      const parent = cut <= 0 ? '/' : child.slice(0, cut);
      const names = folders.get(parent) ?? new Set();
      names.add(child.slice(cut + 1));
      folders.set(parent, names);
      child = parent;
    }
  }
  return folders;
}

function follow(path: string, links: Readonly<Record<string, string>>): Reading<string> {
  let pending = path.split('/').filter((part) => part !== '');
  let done = '';
  for (let hops = 0; pending.length > 0;) {
    const part = pending.shift() ?? '';
    if (part === '.') continue;
    if (part === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const target = links[`${done}/${part}`];
    if (target === undefined) {
      done = `${done}/${part}`;
      continue;
    }
    if (++hops > MAX_LINKS) return unreadable('failed', 'too many symbolic links');
    pending = [...target.split('/').filter((piece) => piece !== ''), ...pending];
    if (target.startsWith('/')) done = '';
  }
  return ok(done === '' ? '/' : done);
}

/** The target of a link whose folder may itself be reached through links. */
function linkAt(path: string, links: Readonly<Record<string, string>>): Reading<string> {
  const cut = path.lastIndexOf('/');
  const folder = links[path] === undefined ? follow(path.slice(0, cut), links) : ok('');
  if (folder.state !== 'ok') return folder;
  const target = links[path] ?? links[`${folder.value === '/' ? '' : folder.value}${path.slice(cut)}`];
  return target === undefined ? ABSENT : ok(target);
}

function nearest<T>(path: string, byPath: Readonly<Record<string, T>>): Reading<T> {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('/')) || '/') {
    const value = byPath[folder];
    if (value !== undefined) return ok(value);
    if (folder === '/') return ABSENT;
  }
}
