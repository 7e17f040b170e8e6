import type { Report, Result } from '../model.ts';
import { needsHostCount, undecidedResults } from '../next-step.ts';
import { isDecisive, severityCounts, withStatus } from '../order.ts';
import type { PhaseJudgement } from '../phase-model.ts';
import { progressWords } from '../phase-progress.ts';
import { shorten } from '../wrap.ts';

/** What the verdict means, in one sentence. */
export function meaning(report: Report): string {
  if (report.phase !== undefined) return phaseMeaning(report, report.phase);
  switch (report.verdict) {
    case 'GO':
      return goMeaning(report);
    case 'NO-GO':
      return noGoMeaning(report);
    case 'INCONCLUSIVE':
      return openMeaning(report);
  }
}

function decisiveFailures(report: Report): Result[] {
  return withStatus(report, 'fail').filter((result) => isDecisive(report, result));
}

function goMeaning(report: Report): string {
  const majors = withStatus(report, 'fail').filter(({ severity }) => severity === 'major').length;
  const scope = scopeWords(report);
  if (majors === 0) return `Nothing stands in the way of ${whatWords(report)}${scope}.`;
  const advice = majors === 1 ? 'the major finding, too' : `the ${majors} major findings, too`;
  return `No blocker stands in the way of ${whatWords(report)}${scope}. Mend ${advice}: ${majors === 1 ? 'it' : 'they'} can cost speed, or a start.`;
}

/** A GO must not promise what was not looked at. */
function scopeWords(report: Report): string {
  const { selection } = report;
  if (selection !== undefined) return `, as far as ${selectedWords(selection)} can tell`;
  return needsHostCount(report) === 0 ? '' : ', as far as can be told without a host';
}

function selectedWords({ checks, of }: NonNullable<Report['selection']>): string {
  return checks === 1 ? `this one of ${of} checks` : `these ${checks} of ${of} checks`;
}

function noGoMeaning(report: Report): string {
  const failures = decisiveFailures(report);
  if (failures.length === 0) return 'The report lists nothing that decides this: it was changed, or is not complete.';
  return `${severityCounts(failures)} ${failures.length === 1 ? 'stands' : 'stand'} in the way of ${whatWords(report)}.`;
}

function openMeaning(report: Report): string {
  const undecided = undecidedResults(report);
  if (undecided.length === 0) return 'Nothing was judged: this is no GO.';
  const how = undecided.every(({ status }) => status === 'skipped') ? 'left out' : 'not looked at';
  const kind = report.strict === true ? 'blocker or major' : 'blocker';
  const verb = undecided.length === 1 ? 'was' : 'were';
  return `No ${kind} failed, but ${undecided.length} of the checks that decide ${verb} ${how}: this is no GO.`;
}

function whatWords(report: Report): string {
  if (report.suite !== 'domain') return 'GPU passthrough on this host';
  return report.subject.domain === null ? 'these definitions' : 'this definition';
}

/** Blockers count whatever the phase asks for, and its criteria can all be met in spite of them. */
function phaseMeaning(report: Report, phase: PhaseJudgement): string {
  const own = phaseState(phase);
  switch (report.verdict) {
    case 'GO':
      return own;
    case 'NO-GO':
      return decisiveFailures(report).length === 0 && phase.verdict === 'NO-GO' ? own : `${noGoMeaning(report)} ${own}`;
    case 'INCONCLUSIVE':
      return phase.verdict === 'GO' ? `${openMeaning(report)} ${own}` : `Nothing that decides failed, but ${own} This is no GO.`;
  }
}

function phaseState(phase: PhaseJudgement): string {
  const name = shorten(phase.title, 120);
  const progress = progressWords(phase).replace(' met', ' criteria met');
  switch (phase.verdict) {
    case 'GO':
      return `${name} is done: ${progress}.`;
    case 'NO-GO':
      return `${name} is not passed: ${progress}.`;
    case 'INCONCLUSIVE':
      return `${name} is open: ${progress}.`;
  }
}
