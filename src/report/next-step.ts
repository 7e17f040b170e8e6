import type { Report, Result } from './model.ts';
import { bySeverity, withStatus } from './order.ts';

/** What the person does now, in one to three lines. */
export function nextStep(report: Report): string[] {
  return [...verdictWords(report), ...hiddenWords(report), ...explainWords(report)];
}

function verdictWords(report: Report): string[] {
  const { verdict, counts, strict = false } = report;
  const decisive = strict ? 'blockers and majors' : 'blockers';
  switch (verdict) {
    case 'GO':
      return [`${goWords(report)}${counts.fail === 0 ? '.' : '; what is listed above is worth mending.'}`];
    case 'NO-GO':
      return [`Next: mend the ${decisive} above, then run passcheck ${report.suite} again.`];
    case 'INCONCLUSIVE':
      return [`No ${strict ? 'blocker or major' : 'blocker'} failed, but not all of them were looked at: this is no GO.`];
  }
}

function goWords({ selection }: Report): string {
  if (selection === undefined) return 'Nothing stands in the way';
  return `Nothing stands in the way, as far as these ${selection.checks} of ${selection.of} checks can tell`;
}

/** What an ordinary user cannot see: refused, and root would see it. */
function hiddenWords(report: Report): string[] {
  const hidden = withStatus(report, 'error').filter(isHidden).length;
  if (hidden === 0) return [];
  const command = report.recorded === true ? 'record the host as root: sudo passcheck snapshot OUT' : `sudo passcheck ${report.suite}`;
  return [`Hidden from this user: what ${hidden === 1 ? '1 check needs' : `${hidden} checks need`}. To see it: ${command}`];
}

function isHidden({ message, evidence, remedy }: Result): boolean {
  const said = [message ?? '', ...evidence.map(({ observed }) => observed)].join(' ');
  return /\broot\b/.test(remedy?.summary ?? '') && /denied|not permitted|\bonly root\b|\bneeds root\b/i.test(said);
}

function explainWords(report: Report): string[] {
  const [first] = [...bySeverity(withStatus(report, 'fail')), ...bySeverity(withStatus(report, 'error'))];
  return first === undefined ? [] : [`More about a check: passcheck explain ${first.id}`];
}
