import type { Action, Plan } from '../plan/model.ts';

/** What a plan that was just carried out did not bring about. */
export interface LeftOver {
  /** One line: `domain DC01: libvirt did not take memory (8 GiB, not 16 GiB)`. */
  readonly message: string;
}

/**
 * Compares a plan that was carried out with the one that is made after it, which has nothing to do, and refuses nothing, when libvirt
 * took everything: what is in a pool can only be judged when it runs.
 */
export function leftOver(done: Plan, after: Plan): readonly LeftOver[] {
  const tried = new Set(done.actions.map((action) => key(action)));
  const refused = after.refused.map(({ object, message }) => (object === null ? message : `${object.kind} ${object.name}: ${message}`));
  const open = after.actions.map((action) => (tried.has(key(action)) ? refusedWords(action) : newWords(action)));
  return [...open, ...refused].map((message) => ({ message }));
}

function key({ object, step }: Action): string {
  return [object.kind, object.name, step.do].join(' ');
}

function refusedWords({ object, changes, summary }: Action): string {
  const fields = changes.map(({ field, from, to }) => `${field} (${from ?? 'absent'}, not ${to ?? 'absent'})`);
  return `${object.kind} ${object.name}: libvirt did not take ${fields.length === 0 ? summary : fields.join(', ')}`;
}

/** Only now it could be seen: a pool shows its volumes when it runs. */
function newWords({ object, summary }: Action): string {
  return `${object.kind} ${object.name}: still to do: ${summary}`;
}
