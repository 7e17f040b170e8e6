import { checksVerdict, countByStatus, worstOf } from '../engine/verdict.ts';
import type { InventoryGpu } from '../inventory/model.ts';
import { UsageError } from '../usage-error.ts';
import { mergeMachines } from './merge-machines.ts';
import type { Report, Result } from './model.ts';

/**
 * Reports of one host as one: their results side by side, what was measured, and the machine. The verdict is the worst, that of the
 * checks alone: a phase is judged anew. Throws a {@link UsageError} of one line for reports that contradict each other.
 */
export function mergeReports(reports: readonly Report[]): Report {
  const [first, ...others] = reports;
  if (first === undefined) throw new UsageError('there is no report to put together');
  if (others.length === 0) return first;
  refuseOtherHosts(reports);
  refuseWithoutHost(reports);
  refuseOtherMachines(reports);
  refuseOtherRules(reports);
  refuseTwice(reports);
  const inTime = reports.toSorted((a, b) => compare(a.startedAt, b.startedAt));
  const results = reports.flatMap((report) => report.results).toSorted((a, b) => compare(a.id, b.id));
  const machine = mergeMachines(inTime.flatMap((report) => report.machine ?? []));
  const severities = reports.flatMap((report) => Object.entries(report.severities ?? {}));
  const notices = [...new Set(reports.flatMap(({ notice }) => notice ?? []))];
  return {
    schema: 1,
    tool: inTime.at(-1)?.tool ?? first.tool,
    suite: suitesOf(reports).join(' + '),
    verdict: worstOf(reports.map(checksVerdict)),
    subject: subjectOf(reports),
    startedAt: inTime[0]?.startedAt ?? first.startedAt,
    durationMs: sum(reports.map(({ durationMs }) => durationMs)),
    parts: inTime.flatMap((report) => partsOf(report)).toSorted((a, b) => compare(a.startedAt, b.startedAt)),
    ...(first.strict === true ? { strict: true } : {}),
    ...(reports.some(({ recorded }) => recorded === true) ? { recorded: true } : {}),
    ...selectionOf(reports),
    ...(severities.length === 0 ? {} : { severities: Object.fromEntries(severities.toSorted(([a], [b]) => compare(a, b))) }),
    counts: countByStatus(results),
    results,
    facts: factsOf(reports),
    measurements: reports.flatMap(({ measurements }) => measurements),
    ...(machine === undefined ? {} : { machine }),
    ...(notices.length === 0 ? {} : { notice: notices.join(' ') }),
  };
}

function refuseOtherHosts(reports: readonly Report[]): void {
  const [one, other] = [...new Set(reports.flatMap(({ subject }) => subject.host ?? []))];
  if (one === undefined || other === undefined) return;
  throw new UsageError(`the reports are about two hosts, ${shown(one)} and ${shown(other)}: put those of one together`);
}

/** A definition that was judged by itself may ask for what this host does not have: nobody looked, so it is no part of its verdict. */
function refuseWithoutHost(reports: readonly Report[]): void {
  const alone = reports.find(isWithoutHost);
  if (alone === undefined || reports.every(isWithoutHost)) return;
  const name = shown(alone.subject.domain ?? 'a definition');
  throw new UsageError(`${name} was judged without a host: lint it anew with --host, or with --from the recorded one`);
}

function isWithoutHost({ suite, subject, recorded = false }: Report): boolean {
  return suite === 'domain' && subject.host === null && subject.summary === undefined && !recorded;
}

/** Two machines can have one name: `archlinux` twice, or a new board in the old case. */
function refuseOtherMachines(reports: readonly Report[]): void {
  const inventories = reports.flatMap(({ machine }) => machine?.inventory ?? []);
  const parts = {
    processor: inventories.flatMap(({ cpu }) => cpu?.model ?? []),
    cores: inventories.flatMap(({ cpu }) => (cpu?.cores === null || cpu === null ? [] : String(cpu.cores))),
    mainboard: inventories.flatMap(({ board }) => board?.name ?? []),
    'graphics cards': inventories.flatMap(({ gpus }) => (gpus === null ? [] : cardWords(gpus))),
  };
  for (const [what, names] of Object.entries(parts)) {
    const [one, other] = [...new Set(names)];
    if (one === undefined || other === undefined) continue;
    const words = `${what}: ${shown(one)}, and ${shown(other)}`;
    throw new UsageError(`the reports are about two machines, or one that was changed in between (${words}): judge one anew`);
  }
}

/** Virtual functions come and go. */
function cardWords(gpus: readonly InventoryGpu[]): string {
  const cards = gpus.filter(({ kind }) => kind !== 'virtual-function').map(({ address, id }) => `${address} [${id}]`);
  return cards.length === 0 ? 'none' : cards.toSorted().join(' ');
}

function refuseOtherRules(reports: readonly Report[]): void {
  if (new Set(reports.map(({ strict = false }) => strict)).size > 1)
    throw new UsageError('one report was made with --strict and another one without: make both the same way');
}

/** The host is judged once; a definition once by each suite; and something is measured once. */
function refuseTwice(reports: readonly Report[]): void {
  const seen = new Set<string>();
  for (const report of reports) {
    const own = new Set([
      ...runsOf(report),
      ...report.measurements.map(({ id, subject }) => `a measurement ${id}${subject === null ? '' : ` of ${subject}`}`),
    ]);
    for (const run of own) {
      if (seen.has(run)) throw new UsageError(`two of the reports have ${shown(run)}: leave one out`);
      seen.add(run);
    }
  }
}

/** A rule that was left out is so for every definition of its run: the others name them. */
function runsOf({ results }: Report): string[] {
  const judged = results.filter(({ status, subject }) => status !== 'skipped' || subject !== null);
  return (judged.length === 0 ? results : judged).map(runOf);
}

/** What a result is part of. */
function runOf({ id, subject }: Result): string {
  const suite = id.slice(0, Math.max(0, id.indexOf('/')));
  return suite === 'preflight' || subject === null ? `a run of ${suite}` : `a run of ${suite} on ${subject}`;
}

function partsOf({ parts, suite, subject, startedAt, recorded }: Report): NonNullable<Report['parts']> {
  return parts ?? [{ suite, domain: subject.domain, startedAt, ...(recorded === true ? { recorded } : {}) }];
}

function suitesOf(reports: readonly Report[]): string[] {
  return [...new Set(reports.flatMap(({ suite }) => suite.split(' + ')))];
}

function subjectOf(reports: readonly Report[]): Report['subject'] {
  const domains = [...new Set(reports.filter(({ suite }) => suite === 'domain').map(({ subject }) => subject.domain))];
  const host = reports.find(({ subject }) => subject.host !== null)?.subject.host ?? null;
  const summary = reports.find(({ subject }) => subject.summary !== undefined)?.subject.summary;
  return { host, domain: domains.length === 1 ? (domains[0] ?? null) : null, ...(summary === undefined ? {} : { summary }) };
}

/** Where one report is of some checks only, all are counted. */
function selectionOf(reports: readonly Report[]): Pick<Report, 'selection'> {
  if (reports.every(({ selection }) => selection === undefined)) return {};
  const selections = reports.map(({ selection, results }) => {
    const count = new Set(results.map(({ id }) => id)).size;
    return selection ?? { checks: count, of: count };
  });
  return { selection: { checks: sum(selections.map(({ checks }) => checks)), of: sum(selections.map(({ of }) => of)) } };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A fact that one run could not look at is told as that. */
function factsOf(reports: readonly Report[]): Report['facts'] {
  const byId = new Map<string, Report['facts'][number]>();
  for (const fact of reports.flatMap(({ facts }) => facts)) {
    const before = byId.get(fact.id);
    if (before === undefined) byId.set(fact.id, fact);
    else byId.set(fact.id, { id: fact.id, status: before.status === 'error' ? 'error' : fact.status, ms: before.ms + fact.ms });
  }
  return [...byId.values()];
}

function shown(name: string): string {
  return name.length <= 120 ? name : `${name.slice(0, 120)}…`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
