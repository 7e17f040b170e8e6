import { facts as factRegistry, type FactId } from '../facts/registry.ts';
import type { Attempt, Effect, FactContext } from '../facts/fact.ts';
import type { HostSource } from '../host/source.ts';
import type { Machine } from '../report/machine.ts';
import type { Report, Result, Status } from '../report/model.ts';
import type { Check, SubjectOutcome } from './check.ts';
import { createFactStore, type FactStore } from './fact-store.ts';
import type { Outcome, Remedy, Severity } from './outcome.ts';
import { aboutRecording } from './recorded.ts';
import { countByStatus, verdictOf } from './verdict.ts';

/** One run: which checks on which host. `clock` gives the time of day; it is passed in so that a recorded host gives the same bytes. */
export interface RunRequest {
  readonly suite: string;
  readonly checks: readonly Check[];
  /** Checks that the user left out: they are reported as skipped, and a blocker among them leaves the verdict open. */
  readonly skipped?: readonly Check[];
  readonly host: HostSource;
  readonly context: FactContext;
  /** How many checks there were to choose from, when only some were asked for. */
  readonly outOf?: number;
  /** The one domain that is judged, when it is one. */
  readonly domain?: string;
  /** Facts that are known already, instead of those of the host. */
  readonly store?: FactStore;
  readonly version: string;
  readonly clock: Clock;
  readonly strict?: boolean;
  readonly allow?: readonly Effect[];
  /** What the report shows of the machine beside the results; not asked without a host. */
  readonly describe?: (store: FactStore) => Promise<Machine>;
}

/** `wall`: the time of day in milliseconds since 1970. `monotonic`: milliseconds for durations. */
export interface Clock {
  wall(): number;
  monotonic(): number;
}

/** Collects the facts that the checks name, judges them, and makes the report. */
export async function runChecks(request: RunRequest): Promise<Report> {
  const { suite, checks, skipped = [], host, context, version, clock, strict = false, allow = [] } = request;
  const startedAt = new Date(clock.wall()).toISOString();
  const begin = clock.monotonic();
  const store = request.store ?? createFactStore({ host, context, allow, now: () => clock.monotonic() });
  const isRecorded = host.kind === 'snapshot' || host.kind === 'tree';
  const onHost = (await Promise.all(checks.map((check) => runCheck(check, store, context)))).flat();
  const judged = isRecorded ? onHost.map(aboutRecording) : onHost;
  const results = [...judged, ...skipped.map((check) => skippedResult(check, context))].toSorted((a, b) => compare(a.id, b.id));
  const machine = host.kind === 'none' ? undefined : await request.describe?.(store);
  const summary = host.kind === 'none' ? null : await store.get(factRegistry.hostSummary);
  return {
    schema: 1,
    tool: { name: 'passcheck', version },
    suite,
    verdict: verdictOf(results, strict),
    subject: {
      host: summary?.ok === true ? summary.value.hostname : null,
      domain: request.domain ?? null,
      ...(summary?.ok === true ? { summary: summary.value.text } : {}),
    },
    startedAt,
    durationMs: Math.round(clock.monotonic() - begin),
    ...(strict ? { strict } : {}),
    ...(isRecorded ? { recorded: true } : {}),
    ...(request.outOf === undefined ? {} : { selection: { checks: checks.length, of: request.outOf } }),
    ...changedSeverities(checks, context),
    counts: countByStatus(results),
    results,
    facts: [...store.timings()],
    measurements: [],
    ...(machine === undefined ? {} : { machine }),
  };
}

async function runCheck(check: Check, store: FactStore, { config }: FactContext): Promise<Result[]> {
  const severity = config.severity[check.id] ?? check.severity;
  const facts: Record<string, unknown> = {};
  const needs = await collect(check.needs, store);
  const wants = await collect(check.wants, store);
  for (const [id, attempt] of needs) {
    if (!attempt.ok) return [errorResult(check, severity, attempt.error)];
    facts[id] = attempt.value;
  }
  for (const [id, attempt] of wants) facts[id] = attempt;
  const outcomes = subjectsOf(check.evaluate(facts));
  const overridden = check.id in config.severity;
  return outcomes.map(({ subject, outcome }) => toResult(check, overridden, severity, subject, outcome));
}

/** What the configuration says of the checks that ran; nothing where it says nothing. */
function changedSeverities(checks: readonly Check[], { config }: FactContext): Pick<Report, 'severities'> {
  const ran = new Set(checks.map(({ id }) => id));
  const changed = Object.entries(config.severity).filter(([id]) => ran.has(id));
  return changed.length === 0 ? {} : { severities: Object.fromEntries(changed.toSorted(([a], [b]) => compare(a, b))) };
}

function collect(ids: readonly FactId[], store: FactStore): Promise<[FactId, Attempt<unknown>][]> {
  return Promise.all(ids.map(async (id): Promise<[FactId, Attempt<unknown>]> => [id, await store.get<unknown>(factRegistry[id])]));
}

function subjectsOf(judged: Outcome | readonly SubjectOutcome[]): readonly { subject: string | null; outcome: Outcome }[] {
  if ('status' in judged) return [{ subject: null, outcome: judged }];
  if (judged.length === 0) return [{ subject: null, outcome: { status: 'not-applicable', message: 'there is nothing of this kind here' } }];
  return judged.toSorted((a, b) => compare(a.subject, b.subject));
}

function toResult(check: Check, overridden: boolean, severity: Severity, subject: string | null, outcome: Outcome): Result {
  const { id, title } = check;
  const message = outcome.message ?? null;
  const status = STATUS[outcome.status];
  if (outcome.status === 'not-applicable') return { id, subject, title, severity, status, message, evidence: [], remedy: null };
  const evidence = [...outcome.evidence];
  if (outcome.status === 'pass') return { id, subject, title, severity, status, message, evidence, remedy: null };
  const own = overridden ? severity : (outcome.severity ?? severity);
  const remedy = toPlainRemedy(outcome.remedy);
  if (outcome.status !== 'fail') return { id, subject, title, severity: own, status, message, evidence, remedy };
  return { id, subject, title, severity: own, status, message, why: check.why, evidence, remedy, ...placeOf(outcome) };
}

function placeOf({ location, edits = [] }: Extract<Outcome, { status: 'fail' }>): Pick<Result, 'location' | 'edits'> {
  return { ...(location === undefined ? {} : { location }), ...(edits.length === 0 ? {} : { edits: [...edits] }) };
}

function toPlainRemedy({ summary, steps }: Remedy): NonNullable<Result['remedy']> {
  return steps === undefined ? { summary } : { summary, steps: [...steps] };
}

const STATUS = { pass: 'pass', fail: 'fail', unknown: 'error', 'not-applicable': 'not-applicable' } as const satisfies Record<
  Outcome['status'],
  Status
>;

function errorResult(check: Check, severity: Severity, error: { source: string; reason: string; hint: string | undefined }): Result {
  return {
    id: check.id,
    subject: null,
    title: check.title,
    severity,
    status: 'error',
    message: `could not look: ${error.reason}`,
    evidence: [{ source: error.source, observed: error.reason }],
    remedy: error.hint === undefined ? null : { summary: error.hint },
  };
}

function skippedResult({ id, title, severity }: Check, { config }: FactContext): Result {
  return {
    id,
    subject: null,
    title,
    severity: config.severity[id] ?? severity,
    status: 'skipped',
    message: 'left out on request',
    evidence: [],
    remedy: null,
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
