import { checksVerdict, worstOf } from '../engine/verdict.ts';
import type { Report } from '../report/model.ts';
import type { JudgedCriterion } from '../report/phase-model.ts';
import { notInThisVersion } from './coming.ts';
import { judgeChecks } from './judge-checks.ts';
import { judgeEnvironment, judgeMachine } from './judge-machine.ts';
import { judgeMeasurement } from './judge-measurement.ts';
import type { Criterion, Phase } from './model.ts';
import { idsOf } from './pattern.ts';
import { phaseVerdict } from './phase-verdict.ts';
import { type Judged, NOT_YET, together } from './verdicts.ts';

/**
 * A report with the judgement of a phase in it. Criteria are absolute: what severity a failed check has does not matter. The
 * verdict becomes the worse of both.
 */
export function judgePhase(phase: Phase, report: Report, checkIds: readonly string[]): Report {
  const criteria = phase.criteria.map((criterion) => judgeCriterion(criterion, report, checkIds));
  const { id, title, source, documents } = phase;
  const verdict = phaseVerdict(criteria);
  return {
    ...report,
    verdict: worstOf([checksVerdict(report), verdict]),
    phase: { id, title, source, verdict, criteria, documents },
  };
}

function judgeCriterion(criterion: Criterion, report: Report, checkIds: readonly string[]): JudgedCriterion {
  const { id, group, text } = criterion;
  const { by, ...judged } = together(partsOf(criterion, report, checkIds));
  return { id, group, text, by: [...by], ...judged };
}

function partsOf(criterion: Criterion, report: Report, checkIds: readonly string[]): Judged[] {
  const { checks = [], mayNotApply = [], vms, machine = [], environment = [], measurements = [], attestation, later } = criterion;
  const asked = [
    ...checks.map((pattern) => ({ ids: idsOf(pattern, checkIds), mayNotApply: false })),
    ...mayNotApply.map((pattern) => ({ ids: idsOf(pattern, checkIds), mayNotApply: true })),
  ];
  return [
    ...(asked.length === 0 ? [] : [judgeChecks(asked, vms, report)]),
    ...machine.map((name) => judgeMachine(name, report)),
    ...environment.map((wish) => judgeEnvironment(wish, report)),
    ...measurements.map((wish) => judgeMeasurement(wish, vms, report)),
    ...(attestation === undefined ? [] : [unmeasured('person', `a person has to see it: ${attestation}`, null)]),
    ...(later === undefined ? [] : [unmeasured('later', `${NOT_YET}${later.what}`, notInThisVersion(later.command))]),
  ];
}

function unmeasured(waits: 'person' | 'later', message: string, next: string | null): Judged {
  return { state: 'not-measured', message, next, by: [], waits };
}
