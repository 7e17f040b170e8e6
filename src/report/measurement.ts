import * as z from 'zod/mini';

/** One figure of a measurement; `low` and `high` bound it where the method gives bounds. */
const figure = z.object({
  /** `median`, `p95`, `p99`, `max`, `ratio`, `native`, `guest` … */
  name: z.string(),
  value: z.number(),
  low: z.exactOptional(z.number()),
  high: z.exactOptional(z.number()),
});

/** What a figure has to keep. */
const limit = z.object({
  /** Name of the figure that is judged. */
  figure: z.string(),
  value: z.number(),
  /** `below`: so much is too much already; `at-most`: only more is. */
  kind: z.enum(['below', 'at-most', 'above', 'at-least']),
});

const data = z.discriminatedUnion('kind', [
  /** Single values; `atMs`, as long as `values`: when each was taken, in milliseconds since the first. */
  z.object({ kind: z.literal('samples'), values: z.array(z.number()), atMs: z.exactOptional(z.array(z.number())) }),
  /** Values of the same workload on bare metal and in the guest, paired by block. */
  z.object({ kind: z.literal('blocks'), native: z.array(z.number()), guest: z.array(z.number()) }),
  z.object({ kind: z.literal('none') }),
]);

/** Something that was measured: its figures, how they were made, and the raw values behind them. */
export const measurementSchema = z.object({
  /** Stable for ever: `latency/delivery`, `bench/7zip`. */
  id: z.string(),
  title: z.string(),
  /** The VM, or null for the host. */
  subject: z.nullable(z.string()),
  /** Of every figure and value (`ms`, `MiB/s`), but for a `ratio`, which has none. */
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  /** How it was made: from where to where, and what is not in it. */
  method: z.string(),
  /** What made it: a command line or a file. */
  source: z.string(),
  /** Made up, to show what a report looks like; never a result. */
  synthetic: z.exactOptional(z.literal(true)),
  figures: z.array(figure),
  limit: z.exactOptional(limit),
  data,
});

export type Measurement = z.infer<typeof measurementSchema>;
export type Figure = z.infer<typeof figure>;
export type Limit = z.infer<typeof limit>;
