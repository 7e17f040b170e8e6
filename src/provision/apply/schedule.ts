import type { Action, PlannedObject } from '../plan/model.ts';
import { groupedBy } from '../../grouped.ts';

/** Actions about one object, by their numbers in the plan, one after the other. */
export interface Chain {
  readonly kind: PlannedObject['kind'];
  readonly actions: readonly number[];
}

/** A phase begins when the one before it has ended. */
export interface Phase {
  readonly isShutDown: boolean;
  readonly chains: readonly Chain[];
}

/**
 * Splits the actions of a plan, in its order. VMs are shut down before anything else: when one does not, nothing was removed
 * yet.
 */
export function phasesOf(actions: readonly Action[]): readonly Phase[] {
  const isShutDown = (index: number): boolean => actions[index]?.step.do === 'shut-down-domain';
  const numbers = actions.map((_, index) => index);
  return [true, false]
    .map((first) => ({
      isShutDown: first,
      chains: chainsOf(
        numbers.filter((index) => isShutDown(index) === first),
        actions,
      ),
    }))
    .filter(({ chains }) => chains.length > 0);
}

function chainsOf(members: readonly number[], actions: readonly Action[]): readonly Chain[] {
  const nameOf = (index: number): string => `${actions[index]?.object.kind} ${actions[index]?.object.name}`;
  return [...groupedBy(members, nameOf).values()].flatMap((chain) => {
    const kind = actions[chain[0] ?? -1]?.object.kind;
    return kind === undefined ? [] : [{ kind, actions: chain }];
  });
}

/**
 * What has to be there before, or gone before: the plan's order says which of the two. A VM is defined without its networks, so
 * they are made meanwhile; they go when no VM is left.
 */
const NEEDED: Readonly<Record<Chain['kind'], readonly Chain['kind'][]>> = {
  network: ['domain'],
  pool: ['volume', 'domain'],
  volume: ['pool', 'domain'],
  domain: ['volume', 'pool'],
};

/** The chains that are not done, in order: a chain is ready when none before it is of a kind that it needs. */
function unfinished(chains: readonly Chain[]): { isReady(number: number): boolean; finish(number: number): void } {
  const done = new Set<number>();
  const ofKind = groupedBy(chains.keys(), (number) => chains[number]?.kind ?? null);
  const passed = new Map<Chain['kind'], number>();
  const firstOf = (kind: Chain['kind']): number => {
    const numbers = ofKind.get(kind) ?? [];
    let at = passed.get(kind) ?? 0;
    while (done.has(numbers[at] ?? -1)) at += 1;
    passed.set(kind, at);
    return numbers[at] ?? Infinity;
  };
  return {
    isReady: (number) => (NEEDED[chains[number]?.kind ?? 'domain'] ?? []).every((kind) => firstOf(kind) > number),
    finish: (number) => void done.add(number),
  };
}

/** Works through chains, `most` at a time, until all are done or `work` answers false: then no new piece of work is begun. */
export async function runChains(chains: readonly Chain[], most: number, work: (index: number) => Promise<boolean>): Promise<boolean> {
  const waiting = new Map(chains.entries());
  const left = unfinished(chains);
  const running = new Set<Promise<void>>();
  let isGoing = true;
  const follow = async (number: number, { actions }: Chain): Promise<void> => {
    for (const index of actions) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what a chain is
      if (isGoing && !(await work(index))) isGoing = false;
    }
    if (isGoing) left.finish(number);
  };
  const beginReady = (): void => {
    for (const [number, chain] of waiting) {
      if (!isGoing || running.size >= most) return;
      if (!left.isReady(number)) continue;
      waiting.delete(number);
      const run = follow(number, chain).finally(() => running.delete(run));
      running.add(run);
    }
  };
  for (beginReady(); running.size > 0; beginReady()) {
    // oxlint-disable-next-line no-await-in-loop -- what is ready depends on what has ended
    await Promise.race(running);
  }
  return isGoing;
}
