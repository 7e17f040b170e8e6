import { phasesOf } from '../../provision/apply/schedule.ts';
import type { Plan } from '../../provision/plan/model.ts';
import type { Io } from '../io.ts';
import { plainProgress, type ProgressView } from './plain-progress.ts';

/** A list of more is no longer looked at, and costs time to draw. */
const MOST_ROWS = 100;

/** A list that is drawn on a terminal; lines elsewhere. */
export async function progressView(plan: Plan, io: Pick<Io, 'note' | 'stderrIsTerminal'>): Promise<ProgressView> {
  const rows = phasesOf(plan.actions).reduce((count, { chains }) => count + chains.length, 0);
  if (!io.stderrIsTerminal || process.env['TERM'] === 'dumb' || rows > MOST_ROWS) return plainProgress(plan, io);
  return (await import('./listr-progress.ts')).listrProgress(plan);
}
