import type { Action } from '../plan/model.ts';

/** Actions about one object, by their numbers in the plan, one after the other. */
export type Chain = readonly number[];

/** Chains that do not depend on each other. A phase begins when the one before it has ended. */
export interface Phase {
  readonly isShutDown: boolean;
  readonly chains: readonly Chain[];
}

/**
 * Splits the actions of a plan into phases, in its order. VMs are shut down before anything else: when one does not, nothing was
 * removed yet.
 */
export function phasesOf(actions: readonly Action[]): readonly Phase[] {
  const numbers = actions.map((_, index) => index);
  const kind = (index: number): string => phaseKind(actions[index]);
  const first = numbers.filter((index) => kind(index) === SHUT_DOWN);
  const rest = numbers.filter((index) => kind(index) !== SHUT_DOWN);
  const phases: { readonly kind: string; readonly members: number[] }[] = [];
  for (const index of [...first, ...rest]) {
    const last = phases.at(-1);
    if (last?.kind === kind(index)) last.members.push(index);
    else phases.push({ kind: kind(index), members: [index] });
  }
  return phases.map((phase) => ({ isShutDown: phase.kind === SHUT_DOWN, chains: chainsOf(phase.members, actions) }));
}

const SHUT_DOWN = 'shut-down';

/** Networks and pools know nothing of each other; volumes are in pools, and domains use all of them. */
function phaseKind(action: Action | undefined): string {
  if (action?.step.do === 'shut-down-domain') return SHUT_DOWN;
  const kind = action?.object.kind;
  return kind === 'volume' || kind === 'domain' ? kind : 'ground';
}

function chainsOf(members: readonly number[], actions: readonly Action[]): readonly Chain[] {
  const chains = new Map<string, number[]>();
  for (const index of members) {
    const { kind = '', name = '' } = actions[index]?.object ?? {};
    const chain = chains.get(`${kind} ${name}`) ?? [];
    chains.set(`${kind} ${name}`, [...chain, index]);
  }
  return [...chains.values()];
}

/** Works through chains, `most` at a time, until all are done or `work` answers false: then no new piece of work is begun. */
export async function runChains(chains: readonly Chain[], most: number, work: (index: number) => Promise<boolean>): Promise<boolean> {
  const waiting = [...chains];
  let isGoing = true;
  const worker = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined && isGoing; chain = waiting.shift()) {
      for (const index of chain) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is what a chain is
        if (!isGoing || !(await work(index))) {
          isGoing = false;
          return;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, chains.length) }, worker));
  return isGoing;
}
