import { groupedBy } from '../grouped.ts';
import type { Result } from '../report/model.ts';

/** Checks of one line of a phase file: one, or those that its pattern names. One of them has to pass, unless they may not apply. */
export interface AskedChecks {
  readonly ids: readonly string[];
  readonly mayNotApply: boolean;
}

/**
 * Results of what was asked for and nothing proved: of each line a check has to pass. That the host is right says nothing of a
 * definition, and what one VM has says nothing of another: one VM has to have all that is asked of definitions.
 */
export function unprovenOf(asked: readonly AskedChecks[], results: readonly Result[]): readonly Result[] {
  const needed = asked.filter(({ mayNotApply }) => !mayNotApply);
  const isOfVm = ({ ids }: AskedChecks): boolean => ids.some((id) => id.startsWith('domain/'));
  const ofHost = unpassed(
    needed.filter((one) => !isOfVm(one)),
    results,
  );
  const ofVms = needed.filter(isOfVm);
  const byVm = [...groupedBy(results, ({ subject }) => subject).values()].filter((own) => own.some(({ id }) => id.startsWith('domain/')));
  const [best] = byVm.map((own) => unpassed(ofVms, own)).toSorted((a, b) => a.length - b.length);
  return [...ofHost, ...(best ?? [])];
}

/** Results of the lines of which nothing passed. */
function unpassed(asked: readonly AskedChecks[], results: readonly Result[]): Result[] {
  return asked.flatMap(({ ids }) => {
    const own = results.filter(({ id }) => ids.includes(id));
    return own.some(({ status }) => status === 'pass') ? [] : own;
  });
}
