import { groupedBy } from '../grouped.ts';
import type { Report, Result } from '../report/model.ts';
import { commandFor } from './commands.ts';
import { type Judged, NOT_YET, together } from './verdicts.ts';

/** What the results of a report say of checks that a criterion names; with `vms`, of each of these VMs. */
export function judgeChecks(ids: readonly string[], vms: readonly string[] | undefined, report: Report): Judged {
  const wanted = new Set(ids);
  const place = new Map(ids.map((id, index) => [id, index]));
  const results = report.results.filter(({ id }) => wanted.has(id)).toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  if (vms === undefined) return judgeResults(ids, results, null, report);
  return together(
    vms.map((vm) =>
      judgeResults(
        ids,
        results.filter(({ subject }) => subject === vm),
        vm,
        report,
      ),
    ),
  );
}

function judgeResults(ids: readonly string[], results: readonly Result[], vm: string | null, report: Report): Judged {
  const failed = results.filter(({ status }) => status === 'fail');
  if (failed.length > 0) return { state: 'failed', message: told(failed), next: remedyOf(failed), by: ids };
  const unseen = results.filter(({ status }) => status === 'error' || status === 'skipped');
  if (unseen.length > 0)
    return { state: 'could-not-look', message: told(unseen), next: remedyOf(unseen) ?? 'run it without --skip', by: ids };
  const looked = new Set(results.filter((result) => !lacksHost(result)).map(({ id }) => id));
  const missing = ids.filter((id) => !looked.has(id));
  if (missing.length > 0) return notMeasured(missing, vm, ids, report);
  const passed = results.filter(({ status }) => status === 'pass');
  if (passed.length === 0) return { state: 'could-not-look', message: `nothing to judge: ${told(results)}`, next: null, by: ids };
  return { state: 'met', message: seen(passed), next: null, by: ids };
}

/** A rule that needs the host and was not given one looked at nothing. */
function lacksHost({ status, message }: Result): boolean {
  return status === 'not-applicable' && message?.startsWith('no host facts') === true;
}

function notMeasured(missing: readonly string[], vm: string | null, by: readonly string[], report: Report): Judged {
  const about = vm === null ? '' : ` of ${vm}`;
  return { state: 'not-measured', message: `${NOT_YET}${listed(missing)}${about}`, next: commandFor(missing, vm, report), by };
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
