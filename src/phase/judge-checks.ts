import { groupedBy } from '../grouped.ts';
import { oncePer } from '../once-per.ts';
import type { Report, Result } from '../report/model.ts';
import { commandFor } from './commands.ts';
import { type AskedChecks, unprovenOf } from './proof.ts';
import { type Judged, NOT_YET, together } from './verdicts.ts';

/** What the results of a report say of checks that a criterion names; with `vms`, of each of these VMs. */
export function judgeChecks(asked: readonly AskedChecks[], vms: readonly string[] | undefined, report: Report): Judged {
  const byId = resultsById(report);
  const ids = [...new Set(asked.flatMap((one) => one.ids))];
  const results = ids.flatMap((id) => byId.get(id) ?? []);
  if (vms === undefined) return judgeResults(ids, asked, results) ?? notMeasured(missingOf(ids, results), null, ids, report);
  const bySubject = groupedBy(results, ({ subject }) => subject);
  const looked = vms.map((vm) => ({ vm, judged: judgeResults(ids, asked, bySubject.get(vm) ?? []) }));
  const open = looked.flatMap(({ vm, judged }) => (judged === null ? [{ vm, missing: missingOf(ids, bySubject.get(vm) ?? []) }] : []));
  const byMissing = [...groupedBy(open, ({ missing }) => missing.join(' ')).values()];
  const aside = othersThan(vms, report);
  return together([
    ...looked.flatMap(({ judged }) => judged ?? []),
    ...byMissing.map((same) => {
      const unmeasured = notMeasured(
        same[0]?.missing ?? [],
        same.map(({ vm }) => vm),
        ids,
        report,
      );
      return { ...unmeasured, message: `${unmeasured.message}${aside}` };
    }),
  ]);
}

const resultsById = oncePer(({ results }: Report) => groupedBy(results, ({ id }) => id));

/** Null where something was not looked at, and nothing that was is bad. */
function judgeResults(by: readonly string[], asked: readonly AskedChecks[], results: readonly Result[]): Judged | null {
  const failed = results.filter(({ status }) => status === 'fail');
  if (failed.length > 0) return { state: 'failed', message: told(failed), next: remedyOf(failed), by };
  const unseen = results.filter(({ status }) => status === 'error' || status === 'skipped');
  if (unseen.length > 0) return { state: 'could-not-look', message: told(unseen), next: remedyOf(unseen) ?? 'run it without --skip', by };
  if (missingOf(by, results).length > 0) return null;
  const unproven = unprovenOf(asked, results);
  if (unproven.length > 0) return { state: 'could-not-look', message: `nothing to judge: ${told(unproven)}`, next: null, by };
  return { state: 'met', message: seen(results.filter(({ status }) => status === 'pass')), next: null, by };
}

function missingOf(ids: readonly string[], results: readonly Result[]): string[] {
  const looked = new Set(results.filter((result) => !lacksHost(result)).map(({ id }) => id));
  return ids.filter((id) => !looked.has(id));
}

/** A rule that needs the host and was not given one looked at nothing. */
function lacksHost({ status, message }: Result): boolean {
  return status === 'not-applicable' && message?.startsWith('no host facts') === true;
}

function notMeasured(missing: readonly string[], vms: readonly string[] | null, by: readonly string[], report: Report): Judged {
  const about = vms === null ? '' : ` of ${listed(vms)}`;
  return {
    state: 'not-measured',
    message: `${NOT_YET}${listed(missing)}${about}`,
    next: commandFor(missing, vms, report),
    by,
    waits: 'command',
  };
}

/** A VM whose name is mistyped has no results, and another has. */
function othersThan(vms: readonly string[], { results }: Report): string {
  const judged = [...new Set(results.flatMap(({ id, subject }) => (id.startsWith('domain/') && subject !== null ? [subject] : [])))];
  return judged.length === 0 || vms.some((vm) => judged.includes(vm)) ? '' : ` (the report is about ${listed(judged)})`;
}

/** What was seen by each check that passed. */
function seen(passed: readonly Result[]): string {
  const first = [...groupedBy(passed, ({ id }) => id).values()].flatMap((results) => results[0] ?? []);
  return listed(
    first.map(({ id, evidence: [evidence] }) => (evidence === undefined ? `${id} passed` : `${id}: ${evidence.observed}`)),
    '; ',
  );
}

const MOST_TOLD = 3;

function told(results: readonly Result[]): string {
  const said = [...new Set(results.map(words))];
  const rest = said.length <= MOST_TOLD ? '' : `; and ${said.length - MOST_TOLD} more`;
  return `${said.slice(0, MOST_TOLD).join('; ')}${rest}`;
}

/** A message that names its subject says it once. */
function words({ id, subject, message, title }: Result): string {
  const said = message ?? title;
  return `${id}${subject === null || said.includes(subject) ? '' : ` ${subject}`}: ${said}`;
}

function remedyOf(results: readonly Result[]): string | null {
  return results.find(({ remedy }) => remedy !== null)?.remedy?.summary ?? null;
}

function listed(parts: readonly string[], between = ', '): string {
  const rest = parts.length <= MOST_TOLD ? '' : ` and ${parts.length - MOST_TOLD} more`;
  return `${parts.slice(0, MOST_TOLD).join(between)}${rest}`;
}
