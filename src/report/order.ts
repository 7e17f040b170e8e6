import type { Report, Result } from './model.ts';

const SEVERITIES = ['blocker', 'major', 'minor', 'info'] as const;

/** What the person has to look at, in the order of importance; results of one severity stay in the report's order. */
export function bySeverity(results: readonly Result[]): Result[] {
  return results.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** The results of one status. */
export function withStatus({ results }: Report, status: Result['status']): Result[] {
  return results.filter((result) => result.status === status);
}

const PLURALS = { blocker: 'blockers', major: 'major', minor: 'minor', info: 'info' } as const;

/** `2 blockers, 1 major`, `1 could not be looked at`, `43 passed`, `6 not applicable`, `84 ms` */
export function countsParts(report: Report): string[] {
  const { counts, durationMs, selection } = report;
  const failures = withStatus(report, 'fail');
  const bySeverityWords = SEVERITIES.flatMap((severity) => {
    const count = failures.filter((result) => result.severity === severity).length;
    if (count === 0) return [];
    return [`${count} ${count === 1 ? severity : PLURALS[severity]}`];
  });
  const parts = [
    bySeverityWords.join(', '),
    counted(counts.error, 'could not be looked at'),
    counted(counts.pass, 'passed'),
    counted(counts['not-applicable'], 'not applicable'),
    counted(counts.skipped, 'skipped'),
    selection === undefined ? '' : `${selection.checks} of ${selection.of} checks`,
    counted(durationMs, 'ms'),
  ];
  return parts.filter((part) => part !== '');
}

/** Which machine (or domain) was judged: the names and the summary that the report has. */
export function subjectParts({ subject: { host, domain, summary } }: Report): string[] {
  return [host ?? '', domain ?? '', ...(summary ?? '').split(' · ')].filter((part) => part !== '');
}

function counted(count: number, words: string): string {
  return count === 0 ? '' : `${count} ${words}`;
}
