import { Option } from 'commander';

import type { Report } from '../report/model.ts';

/** `--phase` of a command that judges. */
export interface PhaseOptions {
  readonly phase?: string;
}

/** Phases that come with passcheck; a test compares them with the files. */
export const PHASE_NAMES = ['homelab', 'phase-0', 'win11-vfio'];

/** `--phase`. */
export function phaseOption(): Option {
  return new Option('--phase <phase>', `judge the criteria of a phase, too: ${PHASE_NAMES.join(', ')} or a file (docs/phases.md)`);
}

/** What judges by the phase that was asked for; loaded before the work begins, because its file can be wrong. */
export async function phaseJudge({ phase }: PhaseOptions): Promise<(report: Report) => Report> {
  if (phase === undefined) return (report) => report;
  const { judgeByPhase } = await import('./judged-phase.ts');
  return judgeByPhase(phase);
}
