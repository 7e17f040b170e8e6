import * as z from 'zod/mini';

/** A name for people, and for a folder and a snapshot within an image. */
export const SNAPSHOT_NAME = /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/;

/** How the snapshot is called within images. qemu-img takes a number for the id of another one, and the prefix makes it our own. */
export function tagOf(name: string): string {
  return `passcheck-${name}`;
}

const count = z.int().check(z.nonnegative());
const text = z.string().check(z.maxLength(5000));
const path = z.string().check(z.regex(/^\/[^\0]{0,4095}$/));
/** Relative to the folder that it is in. */
const inside = z.string().check(z.regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\0/][^\0]{0,500}$/));
const owner = { mode: count, uid: count, gid: count };

const keptFile = z.strictObject({ name: inside, bytes: count, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)), ...owner });

/** A small file that was copied. */
export type KeptFile = z.infer<typeof keptFile>;

const keptTree = z.strictObject({
  folders: z.array(z.strictObject({ name: inside, ...owner })).check(z.maxLength(100)),
  files: z.array(keptFile).check(z.maxLength(100)),
});

/** What is in a folder of small files. */
export type KeptTree = z.infer<typeof keptTree>;

const base = z.strictObject({ path, bytes: count, mtimeMs: z.number() });

const disk = z.strictObject({
  /** As the guest's definition calls it: `vda`. */
  target: text,
  path,
  /** Of the snapshot within the image: together they say that it is still this one. */
  id: text,
  dateSec: count,
  dateNsec: count,
  virtualBytes: count,
  /** What the image is built on, the nearest first. */
  bases: z.array(base).check(z.maxLength(200)),
});

export type KeptDisk = z.infer<typeof disk>;

/** Says what a snapshot has. It is written last: without it there is no snapshot. */
export const manifestSchema = z.strictObject({
  schema: z.literal(1),
  tool: z.strictObject({ name: z.literal('passcheck'), version: text }),
  name: z.string().check(z.regex(SNAPSHOT_NAME)),
  uuid: text,
  /** The name of the VM then. */
  vm: text,
  takenAt: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
  disks: z.array(disk).check(z.maxLength(500)),
  /** Null: the VM has no UEFI firmware. `file` null: the firmware had not kept anything yet. */
  nvram: z.nullable(z.strictObject({ path, file: z.nullable(keptFile) })),
  /** Null: the VM has no TPM. `tree` null: it had no state yet. */
  tpm: z.nullable(z.strictObject({ path, tree: z.nullable(keptTree) })),
  definition: keptFile,
});

export type Manifest = z.infer<typeof manifestSchema>;

/** A snapshot that is being made or deleted: where its traces are. */
export const begunSchema = z.strictObject({ schema: z.literal(1), name: z.string().check(z.regex(SNAPSHOT_NAME)), disks: z.array(path) });

export type Begun = z.infer<typeof begunSchema>;

/** A revert that has not ended. */
export const intentSchema = z.strictObject({ schema: z.literal(1), name: z.string().check(z.regex(SNAPSHOT_NAME)), since: text });

export type Intent = z.infer<typeof intentSchema>;
