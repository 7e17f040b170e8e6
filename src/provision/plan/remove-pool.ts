import type { LivePool } from '../world.ts';
import type { Action, PlannedObject } from './model.ts';
import { joined, note, type Part, part, refusal } from './part.ts';
import type { Removal } from './removal.ts';
import { nameList } from './words.ts';

/** libvirt forgets a pool that is passcheck's own. What is in its folder stays, and so does the folder. */
export function removePool(live: LivePool, removal: Removal): Part {
  const object: PlannedObject = { kind: 'pool', name: live.name };
  const inside = `${live.path}/`;
  const users = removal.world.users.filter(
    ({ domain, disks }) => !removal.removed.has(domain) && disks.some((path) => path.startsWith(inside)),
  );
  if (live.path !== null && users.length > 0) {
    const message = `disks of ${nameList(users.map(({ domain }) => domain))} are in it`;
    const left = users.some((user) => user.owner === removal.desired.owner && !removal.context.own.has(user.domain));
    const first = left ? 'Take away what is no longer in the spec first: passcheck prune SPEC; or name' : 'Name';
    return refusal(object, message, `${first} what to destroy, and leave this pool out`);
  }
  const { owner } = removal.desired;
  const others = [...removal.owned.volumes.values()].filter((volume) => volume.pool === live.name && volume.owner !== owner);
  if (others.length > 0) {
    const message = `volumes of the spec ${nameList(others.map((volume) => volume.owner))} are in it`;
    return refusal(object, message, 'Name what to destroy, and leave this pool out');
  }
  const stop: Action = { object, verb: 'remove', summary: 'stop', changes: [], step: { do: 'stop-pool', uuid: live.uuid } };
  const step = { do: 'undefine-pool', uuid: live.uuid, replaces: live.inactive } as const;
  const undefine: Action = { object, verb: 'remove', summary: 'take out of libvirt', changes: [], step };
  return joined([
    part({ actions: [...(live.isActive ? [stop] : []), ...(live.isTransient === true ? [] : [undefine])] }),
    live.path === null ? part({}) : note(object, `its folder ${live.path} stays, with what is in it`),
  ]);
}
