import type { Desired } from '../desired.ts';
import type { StateSession } from '../state/model.ts';
import type { World } from '../world.ts';

/**
 * Remembers volumes as made whose making was never seen to end, and that are there as the spec wants them: nobody may take them for
 * unfinished later, when a VM has used them.
 */
export function settleBegun(state: StateSession, { desired, world }: { readonly desired: Desired; readonly world: World }): void {
  for (const { path, label, pool } of desired.volumes) {
    const owned = state.owned.volumes.get(path);
    if (owned?.state !== 'begun' || owned.owner !== desired.owner) continue;
    if (!world.volumes.some((live) => live.path === path)) continue;
    const object = { kind: 'volume', name: label } as const;
    const entry = { owner: desired.owner, command: 'apply', object, step: 'own-volume', subject: path, pool, message: null } as const;
    state.record({ ...entry, state: 'done' });
  }
}
