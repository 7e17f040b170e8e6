import { Option } from 'commander';

import type { Report } from '../report/model.ts';
import { UsageError } from '../usage-error.ts';

/** `--phase` of a command that judges. */
export interface PhaseOptions {
  readonly phase?: string;
  /** The recording that is judged. */
  readonly from?: string;
}

/** Phases that come with passcheck; a test compares them with the files. */
export const PHASE_NAMES = ['homelab', 'phase-0', 'win11-vfio'];

/** `--phase`. */
export function phaseOption(): Option {
  const option = new Option('--phase <phase>', `judge the criteria of a phase, too: ${PHASE_NAMES.join(', ')} or a file (docs/phases.md)`);
  return option.argParser((phase: string, before: string | undefined) => {
    if (before !== undefined) throw new UsageError(`--phase can be given once: ${before} or ${phase}`);
    return phase;
  });
}

/** What judges by the phase that was asked for; loaded before the work begins, because its file can be wrong. */
export async function phaseJudge({ phase, from }: PhaseOptions): Promise<(report: Report) => Report> {
  if (phase === undefined) return (report) => report;
  const { judgeByPhase } = await import('./judged-phase.ts');
  return judgeByPhase(phase, from);
}
