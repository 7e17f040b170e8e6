import { type Reading, unreadable } from './reading.ts';
import type { RecordedCommand, RecordedRange, Recording } from './recording.ts';
import { type CommandResult, DEFAULT_READ_LIMIT, type FileStat, type FileSystemSpace, type HostSource } from './source.ts';

/** A host that notes every question and answer; `recording()` gives what was noted so far. */
export interface RecordingHost {
  readonly host: HostSource;
  readonly recording: () => Recording;
}

/**
 * Tees a host. The first answer to a question is also the answer to every later one, so that what the facts saw and what is
 * recorded are the same although files of /proc and /sys change under way.
 */
export function recordingHost(source: HostSource): RecordingHost {
  const notes = emptyNotes();
  const host: HostSource = {
    kind: source.kind,
    read: (path, limit = DEFAULT_READ_LIMIT) => readOnce(notes.files, source, path, limit),
    readRange: (path, offset, length) =>
      once(notes.ranges, JSON.stringify([path, offset, length]), () => ({
        path,
        offset,
        length,
        reading: source.readRange(path, offset, length),
      })).reading,
    list: (path) => once(notes.lists, path, () => source.list(path)),
    link: (path) => once(notes.links, path, () => source.link(path)),
    real: (path) => once(notes.reals, path, () => source.real(path)),
    stat: (path) => once(notes.stats, path, () => source.stat(path)),
    space: (path) => once(notes.space, path, () => source.space(path)),
    writable: (path) => once(notes.writable, path, () => source.writable(path)),
    environment: (name) => once(notes.environment, name, () => source.environment(name)),
    run: async (argv, options) => {
      const key = JSON.stringify(argv);
      const reading = await once(notes.running, key, () => source.run(argv, options));
      notes.commands.set(key, { argv: [...argv], reading });
      return reading;
    },
  };
  return {
    host,
    recording: () => ({ ...notes, ranges: [...notes.ranges.values()], commands: [...notes.commands.values()] }),
  };
}

function emptyNotes() {
  return {
    files: new Map<string, Reading<Uint8Array>>(),
    ranges: new Map<string, RecordedRange>(),
    lists: new Map<string, Reading<readonly string[]>>(),
    links: new Map<string, Reading<string>>(),
    reals: new Map<string, Reading<string>>(),
    stats: new Map<string, Reading<FileStat>>(),
    space: new Map<string, Reading<FileSystemSpace>>(),
    writable: new Map<string, Reading<boolean>>(),
    environment: new Map<string, Reading<string>>(),
    running: new Map<string, Promise<Reading<CommandResult>>>(),
    commands: new Map<string, RecordedCommand>(),
  };
}

function once<T>(answers: Map<string, T>, key: string, ask: () => T): T {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = ask();
  answers.set(key, answer);
  return answer;
}

/** A file that was too large for one reader is asked for again by a reader that takes more. */
function readOnce(files: Map<string, Reading<Uint8Array>>, source: HostSource, path: string, limit: number): Reading<Uint8Array> {
  const known = files.get(path);
  if (known === undefined || (known.state === 'unreadable' && known.reason === 'too-large')) {
    const reading = source.read(path, limit);
    files.set(path, reading);
    return reading;
  }
  if (known.state === 'ok' && known.value.length > limit) return unreadable('too-large', `larger than ${limit} bytes`);
  return known;
}
