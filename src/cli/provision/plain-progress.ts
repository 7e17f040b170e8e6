import type { Progress } from '../../provision/apply/execute.ts';
import { phasesOf } from '../../provision/apply/schedule.ts';
import type { Plan } from '../../provision/plan/model.ts';
import type { Io } from '../io.ts';
import { actionWords } from './action-words.ts';

/** Shows what becomes of the actions of a plan. */
export interface ProgressView {
  readonly onProgress: (progress: Progress) => void;
  /** Says something below the rest. */
  readonly note: (line: string) => void;
  /** All has ended; resolves when nothing is drawn any more. */
  end(): Promise<void>;
}

/** A line for each action that ended. Four run at once and end in any order; the lines have that in which they were to begin. */
export function plainProgress(plan: Plan, io: Pick<Io, 'note'>): ProgressView {
  const order = phasesOf(plan.actions).flatMap(({ chains }) => chains.flatMap(({ actions }) => actions));
  const lines = new Map<number, string>();
  let next = 0;
  const tellEnded = (): void => {
    for (let line = lines.get(order[next] ?? -1); line !== undefined; line = lines.get(order[next] ?? -1)) {
      io.note(line);
      lines.delete(order[next] ?? -1);
      next++;
    }
  };
  return {
    onProgress(progress) {
      const { index, action, state } = progress;
      if (state === 'begun') return;
      lines.set(index, state === 'done' ? `✓ ${actionWords(action)}` : `✗ ${actionWords(action)}: ${progress.message}`);
      tellEnded();
    },
    note: (line) => io.note(line),
    end: () => {
      for (const index of order) {
        const line = lines.get(index);
        if (line !== undefined) io.note(line);
      }
      lines.clear();
      return Promise.resolve();
    },
  };
}
