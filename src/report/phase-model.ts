import * as z from 'zod/mini';

/** One criterion of a phase, in the words of its document, and what is known of it. */
const criterion = z.object({
  /** Unique in its phase: `photoshop`. */
  id: z.string(),
  /** The story or step that it belongs to. */
  group: z.string(),
  text: z.string(),
  state: z.enum(['met', 'failed', 'not-measured', 'could-not-look']),
  /** Checks and measurements that decide it; empty for what only a person can see. */
  by: z.array(z.string()),
  /** Why it is in this state: what was found, or what is missing. */
  message: z.string(),
  /** What to do about it: a command, or where to look. */
  next: z.nullable(z.string()),
  /** What it waits for where it was not measured: a person who sees it, a later version of passcheck, or a command of this one. */
  waits: z.exactOptional(z.enum(['person', 'later', 'command'])),
});

/** A phase of a project, judged by a report. */
export const phaseSchema = z.object({
  /** `phase-0` */
  id: z.string(),
  title: z.string(),
  /** What `--phase` was told: its name, or a file. */
  given: z.exactOptional(z.string()),
  /** The document that it stands in. */
  source: z.string(),
  verdict: z.enum(['GO', 'NO-GO', 'INCONCLUSIVE']),
  criteria: z.array(criterion),
  /** What belongs to the phase when it is signed off. */
  documents: z.array(z.object({ file: z.string(), contents: z.string() })),
});

export type PhaseJudgement = z.infer<typeof phaseSchema>;
export type JudgedCriterion = z.infer<typeof criterion>;
