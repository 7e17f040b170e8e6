import { checksVerdict } from '../engine/verdict.ts';
import { shellWord } from '../remedy/shell-word.ts';
import type { Report } from './model.ts';
import { isCommand, stateCounts } from './phase-progress.ts';

/** The report as its checks alone would have it: the verdict of the phase is told apart. */
export function withoutPhase(report: Report): Report {
  const { phase, ...checks } = report;
  return phase === undefined ? report : { ...checks, verdict: checksVerdict(report) };
}

/** What the person does about the criteria of the phase, in a few lines. */
export function phaseWords({ phase }: Report, program: string): string[] {
  if (phase === undefined) return [];
  const { failed, met } = stateCounts(phase);
  const all = phase.criteria.length;
  return [verdictWords(phase.id, failed, all - met, all), ...togetherWords(phase, program)];
}

function verdictWords(id: string, failed: number, open: number, all: number): string {
  if (failed > 0) return `${id}: ${failed === 1 ? '1 criterion' : `${failed} criteria`} failed, so this is NO-GO for the phase.`;
  if (open > 0) return `${id}: ${open} of ${all} criteria are not met yet: this is no GO for the phase.`;
  return `${id}: every criterion is met.`;
}

/** Commands that are named give reports of their own. */
function togetherWords({ criteria, id, given = id }: NonNullable<Report['phase']>, program: string): string[] {
  if (!criteria.some(({ state, next }) => state === 'not-measured' && isCommand(next))) return [];
  return [
    `Store what each command says with --format json, and judge all together: ${program} report A.json B.json --phase ${shellWord(given)}`,
  ];
}
