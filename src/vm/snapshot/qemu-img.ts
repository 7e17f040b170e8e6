import * as z from 'zod/mini';

import { runCommand } from '../../host/command.ts';
import type { Reading } from '../../host/reading.ts';
import type { CommandResult } from '../../host/source.ts';
import { type Attempt, refused } from '../problem.ts';

/** What an image says of itself. */
export interface ImageInfo {
  readonly virtualBytes: number;
  /** What it takes on the disk of the host. */
  readonly actualBytes: number;
  readonly snapshots: readonly ImageSnapshot[];
  /** What it is built on, the nearest first. */
  readonly bases: readonly string[];
  /** Why a snapshot within it is not possible or not safe: `is damaged`. */
  readonly faults: readonly string[];
}

export interface ImageSnapshot {
  readonly id: string;
  readonly tag: string;
  readonly dateSec: number;
  readonly dateNsec: number;
}

/** qcow2 images of the host. Everything but {@link ImageTool.chain} takes QEMU's own locks: an image that a VM uses is refused. */
export interface ImageTool {
  info(path: string): Promise<Attempt<ImageInfo>>;
  /** Files that an image is built on, also of a VM that runs. */
  chain(path: string): Promise<Attempt<readonly string[]>>;
  /** Null: done; else what is wrong. */
  take(path: string, tag: string): Promise<string | null>;
  apply(path: string, tag: string): Promise<string | null>;
  remove(path: string, tag: string): Promise<string | null>;
  /** Gives back clusters that nothing uses, which a killed qemu-img leaves behind. Null: the image is whole; else what is wrong. */
  mend(path: string): Promise<string | null>;
}

const imageSchema = z.object({
  filename: z.string(),
  'virtual-size': z.number(),
  'actual-size': z.optional(z.number()),
  encrypted: z.optional(z.boolean()),
  snapshots: z.optional(z.array(z.object({ id: z.string(), name: z.string(), 'date-sec': z.number(), 'date-nsec': z.number() }))),
  'format-specific': z.optional(
    z.object({
      data: z.optional(
        z.object({
          corrupt: z.optional(z.boolean()),
          'data-file': z.optional(z.string()),
          bitmaps: z.optional(z.array(z.unknown())),
        }),
      ),
    }),
  ),
});

const chainSchema = z.array(imageSchema).check(z.minLength(1));

const READ_MS = 60_000;
/** Killed in the middle it would leave its work half done, and a large image on a slow disk takes long. */
const WRITE_MS = 6 * 3_600_000;

/** The qemu-img of this machine. */
export const qemuImg: ImageTool = {
  info: async (path) => infoOf(await run(['info', '--output=json', '--backing-chain', '-f', 'qcow2', path], READ_MS)),
  async chain(path) {
    const looked = infoOf(await run(['info', '-U', '--output=json', '--backing-chain', '-f', 'qcow2', path], READ_MS));
    return looked.ok ? { ok: true, value: looked.value.bases } : looked;
  },
  take: (path, tag) => change(['snapshot', '-q', '-c', tag, path]),
  apply: (path, tag) => change(['snapshot', '-q', '-a', tag, path]),
  remove: (path, tag) => change(['snapshot', '-q', '-d', tag, path]),
  async mend(path) {
    const reading = await run(['check', '-q', '-f', 'qcow2', '-r', 'leaks', path], WRITE_MS, true);
    if (reading.state !== 'ok') return failure(reading);
    // 2: damaged; 3: clusters are lost, and nothing else. qemu-img(1)
    const { exitCode } = reading.value;
    if (exitCode === 0 || exitCode === 3) return null;
    return exitCode === 2 ? 'its tables are damaged (qemu-img check)' : complaint(reading.value);
  },
};

function run(words: readonly string[], timeoutMs: number, outlives = false): Promise<Reading<CommandResult>> {
  return runCommand(['qemu-img', ...words], { timeoutMs, outlives });
}

async function change(words: readonly string[]): Promise<string | null> {
  const reading = await run(words, WRITE_MS, true);
  if (reading.state !== 'ok') return failure(reading);
  return reading.value.exitCode === 0 ? null : complaint(reading.value);
}

function infoOf(reading: Reading<CommandResult>): Attempt<ImageInfo> {
  if (reading.state !== 'ok') return refused(failure(reading));
  if (reading.value.exitCode !== 0) return refused(complaint(reading.value));
  return parseImages(reading.value.stdout);
}

/** The answer of `qemu-img info --output=json --backing-chain`. */
export function parseImages(text: string): Attempt<ImageInfo> {
  const parsed = chainSchema.safeParse(jsonOf(text));
  const [image, ...bases] = parsed.success ? parsed.data : [];
  if (image === undefined) return refused('qemu-img printed something else than its description');
  const { corrupt = false, bitmaps = [], 'data-file': dataFile } = image['format-specific']?.data ?? {};
  return {
    ok: true,
    value: {
      virtualBytes: image['virtual-size'],
      actualBytes: image['actual-size'] ?? 0,
      snapshots: (image.snapshots ?? []).map(({ id, name, 'date-sec': dateSec, 'date-nsec': dateNsec }) => ({
        id,
        tag: name,
        dateSec,
        dateNsec,
      })),
      bases: bases.map(({ filename }) => filename),
      faults: [
        ...(corrupt ? ['is damaged (qemu-img check shows how)'] : []),
        ...(image.encrypted === true ? ['is encrypted'] : []),
        ...(dataFile === undefined ? [] : ['keeps its data in another file']),
        ...(bitmaps.length === 0 ? [] : ['has bitmaps of a backup program, which would no longer be true']),
      ],
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(reading: Exclude<Reading<unknown>, { state: 'ok' }>): string {
  return reading.state === 'absent' ? 'qemu-img is not installed' : reading.detail;
}

/** What qemu-img is about, without its name; which image stands in the words around it. */
function complaint({ stderr }: CommandResult): string {
  if (/Failed to get .{0,20}lock/.test(stderr)) return 'another program has it open: a VM, or qemu-img';
  const line = stderr.split('\n').find((one) => one.trim() !== '') ?? 'qemu-img failed without a message';
  return line
    .replace(/^qemu-img: /, '')
    .trim()
    .slice(0, 300);
}
