import { holderOf } from './holder.ts';
import type { PlannedObject } from './model.ts';
import { joined, note, type Part } from './part.ts';
import type { PlanContext } from './request.ts';

/** apply takes nothing away, and so whoever takes a VM or network out of a spec has to be told that it is still there. */
export function leftBehind({ desired, world, own }: PlanContext): Part {
  const domains = world.users.filter(({ domain, owner }) => owner === desired.owner && !own.has(domain)).map(({ domain }) => domain);
  const listed = new Set(desired.networks.map(({ name }) => name));
  const networks = world.networks.filter((live) => !listed.has(live.name) && holderOf(live, desired.owner).state === 'own');
  const objects: readonly PlannedObject[] = [
    ...domains.map((name) => ({ kind: 'domain', name }) as const),
    ...networks.map(({ name }) => ({ kind: 'network', name }) as const),
  ];
  return joined(objects.map((object) => note(object, 'was made from this spec and is no longer in it: it stays', 'passcheck prune SPEC')));
}
