import { groupedBy } from '../../grouped.ts';
import type { Action, Plan } from './model.ts';

/** `4 to create, 1 to change, nothing to destroy · 2 wait for a restart`. Objects are counted, not calls. */
export function summaryLine(plan: Plan): string {
  const counts = countsOf(plan.actions);
  const parts = (['create', 'change', 'start', 'adopt', 'remove'] as const).flatMap((verb) => {
    const count = counts[verb];
    return count === 0 ? [] : [`${count} to ${verb}`];
  });
  const waiting = plan.pending.length;
  const waits = waiting === 0 ? '' : ` · ${waiting === 1 ? '1 waits' : `${waiting} wait`} for a restart`;
  const refused = plan.refused.length === 0 ? '' : ` · refused: nothing is done`;
  if (parts.length === 0) return `${plan.refused.length === 0 ? idle(plan) : 'nothing else to do'}${waits}${refused}`;
  const harmless = plan.command === 'apply' ? ', nothing to destroy' : '';
  return `${parts.join(', ')}${harmless}${waits}${refused}`;
}

function idle({ command, spec, pending }: Plan): string {
  switch (command) {
    case 'apply':
      return `nothing to do: everything is ${pending.length === 0 ? '' : 'defined '}as ${spec} says`;
    case 'destroy':
      return `nothing to destroy`;
    case 'adopt':
      return `nothing to adopt`;
    case 'prune':
      return `nothing to prune: everything marked with ${spec} is in it`;
  }
}

type Verb = Action['verb'];

/** The strongest verb of each object. */
function countsOf(actions: readonly Action[]): Readonly<Record<Verb, number>> {
  const counts = { create: 0, change: 0, start: 0, remove: 0, adopt: 0 };
  for (const own of groupedBy(actions, ({ object }) => `${object.kind} ${object.name}`).values()) {
    const verbs = new Set(own.map(({ verb }) => verb));
    const strongest = (['remove', 'create', 'adopt', 'change', 'start'] as const).find((verb) => verbs.has(verb));
    if (strongest !== undefined) counts[strongest] += 1;
  }
  return counts;
}
