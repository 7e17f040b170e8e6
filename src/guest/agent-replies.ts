import { isIP } from 'node:net';

import * as z from 'zod/mini';

// https://qemu-project.gitlab.io/qemu/interop/qemu-ga-ref.html

const word = z.string().check(z.maxLength(64));
const line = z.string().check(z.maxLength(300));
const count = z.int().check(z.nonnegative());
/** Linear, and V8 does not recurse: the longest answer that libvirt carries is 4 MiB. */
const base64 = z.string().check(
  z.regex(/^[A-Za-z0-9+/]*={0,2}$/),
  z.refine((text) => text.length % 4 === 0),
);
const bytes = z.pipe(
  base64,
  z.transform((text) => Buffer.from(text, 'base64')),
);

export const nothing = z.unknown();

export const agentInfo = z.object({
  version: line,
  supported_commands: z.array(z.object({ name: word, enabled: z.boolean() })).check(z.maxLength(1000)),
});
export type AgentInfo = z.infer<typeof agentInfo>;

export const systemInfo = z.object({
  id: z.optional(line),
  name: z.optional(line),
  'pretty-name': z.optional(line),
});
export type SystemInfo = z.infer<typeof systemInfo>;

export const interfaces = z
  .array(
    z.object({
      name: line,
      'hardware-address': z.optional(word),
      'ip-addresses': z.optional(
        z
          .array(
            z.object({
              'ip-address': word.check(z.refine((text) => isIP(text) !== 0)),
              prefix: z.int().check(z.gte(0), z.lte(128)),
            }),
          )
          .check(z.maxLength(1000)),
      ),
    }),
  )
  .check(z.maxLength(1000));

export const started = z.object({ pid: count });

export const programStatus = z.object({
  exited: z.boolean(),
  exitcode: z.optional(z.int()),
  /** Windows puts the number of an exception here, which may be negative. */
  signal: z.optional(z.int()),
  'out-data': z.optional(bytes),
  'err-data': z.optional(bytes),
  'out-truncated': z.optional(z.boolean()),
  'err-truncated': z.optional(z.boolean()),
});
export type ProgramStatus = z.infer<typeof programStatus>;

export const handle = z.int();
export const written = z.object({ count, eof: z.boolean() });
export const position = z.object({ position: count, eof: z.boolean() });
export const piece = z.object({ count, 'buf-b64': bytes, eof: z.boolean() });
