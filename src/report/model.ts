import * as z from 'zod/mini';

import { machineSchema } from './machine.ts';
import { measurementSchema } from './measurement.ts';
import { phaseSchema } from './phase-model.ts';

const severity = z.enum(['blocker', 'major', 'minor', 'info']);
const status = z.enum(['pass', 'fail', 'error', 'not-applicable', 'skipped']);
const verdict = z.enum(['GO', 'NO-GO', 'INCONCLUSIVE']);

const evidence = z.object({ source: z.string(), observed: z.string(), expected: z.exactOptional(z.string()) });

const remedyStep = z.object({
  file: z.exactOptional(z.string()),
  line: z.exactOptional(z.string()),
  run: z.exactOptional(z.string()),
  text: z.exactOptional(z.string()),
  reboot: z.exactOptional(z.boolean()),
});

const remedy = z.object({ summary: z.string(), steps: z.exactOptional(z.array(remedyStep)) });

const result = z.object({
  id: z.string(),
  subject: z.nullable(z.string()),
  title: z.string(),
  severity,
  status,
  message: z.nullable(z.string()),
  /** What comes of it, of what failed. */
  why: z.exactOptional(z.string()),
  evidence: z.array(evidence),
  /** Where it is in a file. Lines and columns begin at 1; `excerpt` is the line (or a window of a long one) with
   *  the place in it, without what is secret. */
  location: z.exactOptional(
    z.object({
      file: z.string(),
      line: z.number(),
      column: z.number(),
      endLine: z.exactOptional(z.number()),
      endColumn: z.exactOptional(z.number()),
      excerpt: z.exactOptional(z.object({ text: z.string(), column: z.number(), length: z.number() })),
    }),
  ),
  remedy: z.nullable(remedy),
  /** What `--fix` does: replaces the text between two offsets (UTF-16 units) of the file. */
  edits: z.exactOptional(z.array(z.object({ start: z.number(), end: z.number(), text: z.string() }))),
});

const counts = z.object({
  pass: z.number(),
  fail: z.number(),
  error: z.number(),
  'not-applicable': z.number(),
  skipped: z.number(),
});

/** Schema 1 of a report. Unknown keys of later versions are dropped when a stored report is read. */
export const reportSchema = z.object({
  schema: z.literal(1),
  tool: z.object({ name: z.literal('passcheck'), version: z.string() }),
  suite: z.string(),
  verdict,
  subject: z.object({ host: z.nullable(z.string()), domain: z.nullable(z.string()), summary: z.exactOptional(z.string()) }),
  startedAt: z.string(),
  durationMs: z.number(),
  /** The reports that it was put together from, in the order of their time. */
  parts: z.exactOptional(
    z.array(z.object({ suite: z.string(), domain: z.nullable(z.string()), startedAt: z.string(), recorded: z.exactOptional(z.boolean()) })),
  ),
  strict: z.exactOptional(z.boolean()),
  /** What a reader must know before all else: it stands at the top of what people read. */
  notice: z.exactOptional(z.string()),
  /** The host was a recording, so that nothing can be looked at again. */
  recorded: z.exactOptional(z.boolean()),
  /** Only some checks were asked for: how many, of how many there are. The verdict is about those alone. */
  selection: z.exactOptional(z.object({ checks: z.number(), of: z.number() })),
  /** What the configuration says of the severity of the checks that ran, by check id: it can make a GO. */
  severities: z.exactOptional(z.record(z.string(), severity)),
  counts,
  results: z.array(result),
  facts: z.array(z.object({ id: z.string(), status: z.enum(['ok', 'error']), ms: z.number() })),
  measurements: z.array(measurementSchema),
  /** What was judged, where a host was looked at and the format has room for it. */
  machine: z.exactOptional(machineSchema),
  /** The phase that was asked for; its verdict is in `verdict`, too. */
  phase: z.exactOptional(phaseSchema),
});

/** The one result model: every output is a pure function of it. */
export type Report = z.infer<typeof reportSchema>;
export type Result = z.infer<typeof result>;
export type Verdict = z.infer<typeof verdict>;
export type Status = z.infer<typeof status>;
