import * as z from 'zod/mini';

import { UsageError } from '../usage-error.ts';
import { isPlainPath } from './tree-store.ts';

export const MANIFEST = 'passcheck-snapshot.json';

/** The version of the format that this passcheck writes, and the newest that it reads. */
export const SNAPSHOT_SCHEMA = 1;

const reason = z.enum(['denied', 'not-recorded', 'too-large', 'timed-out', 'failed']);
const kind = z.enum(['file', 'directory', 'character-device', 'block-device', 'socket', 'fifo']);
const bytes = z.number().check(z.minimum(0));
const storedFile = z.string().check(
  z.regex(/^(?:(?:other|commands)\/\d{3,7}(?:\.stdout|\.stderr)?|ranges\/.+)$/s),
  z.refine((name) => isPlainPath(`/${name}`)),
);

/** Folder → names in it: `{"/sys/class": ["iommu"]}` is the path `/sys/class/iommu`. */
const byFolder = z.record(z.string(), z.array(z.string()));
const trouble = z.object({ reason, detail: z.string() });

const outcome = { absent: z.optional(z.literal(true)), unreadable: z.optional(trouble) };

const manifestSchema = z.object({
  schema: z.literal(SNAPSHOT_SCHEMA),
  tool: z.object({ name: z.literal('passcheck'), version: z.string() }),
  recordedAt: z.string(),
  redacted: z.nullable(z.record(z.string(), z.number())),
  config: z.unknown(),
  lists: z.record(z.string(), z.array(z.string())),
  links: z.record(z.string(), z.record(z.string(), z.string())),
  reals: z.record(z.string(), z.string()),
  stats: z.record(z.string(), z.tuple([kind, bytes, z.string().check(z.regex(/^[0-7]{1,4}$/)), bytes, bytes, z.number()])),
  space: z.record(z.string(), z.tuple([bytes, bytes])),
  writable: z.record(z.string(), z.boolean()),
  environment: z.record(z.string(), z.string()),
  absent: z.object({
    files: byFolder,
    lists: byFolder,
    links: byFolder,
    reals: byFolder,
    stats: byFolder,
    space: byFolder,
    writable: byFolder,
    environment: z.array(z.string()),
  }),
  unreadable: z.array(z.object({ question: z.string(), path: z.string(), ...trouble.shape })),
  ranges: z.array(z.object({ path: z.string(), offset: bytes, length: bytes, file: z.optional(storedFile), ...outcome })),
  other: z.record(z.string(), storedFile),
  commands: z.array(
    z.object({
      argv: z.array(z.string()),
      exitCode: z.optional(z.number()),
      stdout: z.optional(storedFile),
      stderr: z.optional(storedFile),
      ...outcome,
    }),
  ),
});

/**
 * What `passcheck-snapshot.json` says. The contents of files are beside it: `files/<path>`, or where `other` says for the
 * few that cannot have that name; parts of large files in `ranges`, output in `commands`.
 */
export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest of the snapshot `name`; throws a {@link UsageError} for one that is damaged or newer than this passcheck. */
export function parseManifest(name: string, text: string): Manifest {
  const json = parseJson(name, text);
  const schema = typeof json === 'object' && json !== null && 'schema' in json ? json.schema : undefined;
  if (typeof schema === 'number' && schema > SNAPSHOT_SCHEMA) {
    throw new UsageError(
      `${name} was recorded by a newer passcheck (snapshot schema ${schema}, this one reads ${SNAPSHOT_SCHEMA}): update passcheck`,
    );
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? '' : placeOf(issue.path);
  throw new UsageError(`${name} is damaged: ${MANIFEST} has no usable value at ${place === '' ? 'its top' : place.slice(0, 120)}`);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is truncated or damaged: ${MANIFEST} is no JSON`, { cause: error });
  }
}

/** `commands[0].stdout`, as `z.core.toDotPath` writes it; but naming `z.core` brings all of zod into the bundle: 8 ms. */
function placeOf(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[\w$]+$/.test(String(part)) ? `.${String(part)}` : `[${JSON.stringify(String(part))}]`;
  });
  return parts.join('').replace(/^\./, '');
}
