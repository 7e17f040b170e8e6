import type { DesiredPool } from '../desired.ts';
import { treeText } from '../tree.ts';
import type { LivePool } from '../world.ts';
import { changesSummary, definitionSummary } from './change-words.ts';
import { type Comparison, compared, FOLLOWS } from './comparison.ts';
import { poolHolder } from './holder.ts';
import type { Action, PlannedObject } from './model.ts';
import { note, type Part, part, refusal } from './part.ts';
import type { PlanContext } from './request.ts';
import { virshCommand } from './words.ts';

interface Pool {
  readonly desired: DesiredPool;
  readonly object: PlannedObject;
  readonly context: PlanContext;
}

/** A pool is defined, its folder made, started, and set to start with the host. One of others is used as long as it fits. */
export function planPool(desired: DesiredPool, context: PlanContext): Part {
  const pool: Pool = { desired, object: { kind: 'pool', name: desired.name }, context };
  const live = context.pools.get(desired.name);
  if (live === undefined) return absent(pool);
  const holder = poolHolder(live, context);
  const comparison = compared(desired.tree, { ...live, live: null }, { object: pool.object, explicit: FOLLOWS, owner: null });
  if (comparison === null) return refusal(pool.object, 'its definition could not be read', 'See what it is: virsh pool-dumpxml');
  if (holder.state === 'other') {
    if (live.path === desired.path && comparison.changes.length === 0 && live.isActive) {
      return note(pool.object, `belongs to the spec ${holder.owner}, used as it is`);
    }
    return refusal(
      pool.object,
      `it belongs to the spec ${holder.owner}`,
      `Give this pool another name and folder, or take it out of the spec ${holder.owner}`,
    );
  }
  return holder.state === 'own' ? own(pool, live, comparison) : foreign(pool, live, comparison);
}

function absent(pool: Pool): Part {
  const { desired, object, context } = pool;
  const { uuid, path } = desired;
  const rival = context.uuids.pools.get(uuid) ?? context.world.pools.find((other) => other.path === path);
  if (rival !== undefined) {
    const same = rival.path === path ? `its folder ${path}` : 'its UUID';
    return refusal(object, `${same} is that of the pool ${rival.name}`, 'Name that pool in the spec, or choose another folder');
  }
  const step = { do: 'define-pool', xml: treeText(desired.tree), replaces: null } as const;
  return part({
    actions: [
      { object, verb: 'create', summary: path, changes: [], step },
      ...folderActions(pool, uuid),
      startAction(object, uuid),
      ...(desired.autostart ? [autostartAction(object, uuid, true)] : []),
    ],
  });
}

/** The folder is made where it is not known to be there. */
function folderActions({ desired, object, context }: Pool, uuid: string): readonly Action[] {
  const folder = context.look.files.get(desired.path);
  if (folder?.state === 'ok' && folder.value.kind === 'directory') return [];
  return [{ object, verb: 'create', summary: 'make its folder', changes: [], step: { do: 'build-pool', uuid } }];
}

function startAction(object: PlannedObject, uuid: string): Action {
  return { object, verb: 'start', summary: 'start', changes: [], step: { do: 'start-pool', uuid } };
}

function autostartAction(object: PlannedObject, uuid: string, on: boolean): Action {
  const summary = on ? 'start with the host' : 'start with the host no longer';
  return { object, verb: 'change', summary, changes: [], step: { do: 'autostart-pool', uuid, on } };
}

function own(pool: Pool, live: LivePool, { changes, xml }: Comparison): Part {
  const { desired, object } = pool;
  if (live.path !== desired.path) {
    const is = live.path ?? 'no folder';
    return refusal(
      object,
      `it is at ${is}, and passcheck moves no volumes to ${desired.path}`,
      `Set path: ${is} in the spec, or name a new pool`,
    );
  }
  // Only one that the spec itself gives is another.
  if (desired.uuid !== live.uuid) {
    const message = `its UUID is ${live.uuid}, and libvirt gives no pool another`;
    return refusal(object, message, `Set uuid: ${live.uuid} in the spec, or leave it out`);
  }
  const define: Action = {
    object,
    verb: 'change',
    summary: definitionSummary(changes, live.isTransient === true),
    changes: [...changes],
    step: { do: 'define-pool', xml, replaces: live.inactive },
  };
  return part({
    actions: [
      ...(changes.length === 0 && live.isTransient !== true ? [] : [define]),
      ...(live.isActive ? [] : [...folderActions(pool, live.uuid), startAction(object, live.uuid)]),
      ...(live.autostart === desired.autostart ? [] : [autostartAction(object, live.uuid, desired.autostart)]),
    ],
  });
}

function foreign({ desired, object, context }: Pool, live: LivePool, { changes }: Comparison): Part {
  const { connection } = context.desired;
  if (live.path !== desired.path) {
    const message = `a pool of that name is there at ${live.path ?? 'no folder'}, and passcheck did not make it`;
    return refusal(object, message, `Give this pool another name, or set path: ${live.path ?? 'to a folder'}`);
  }
  if (changes.length > 0) {
    return refusal(
      object,
      `passcheck did not make it, and it differs: ${changesSummary(changes)}`,
      `Take it over: passcheck adopt SPEC ${object.name}`,
    );
  }
  if (!live.isActive) {
    const start = virshCommand(connection, 'pool-start', live.name);
    return refusal(object, 'passcheck did not make it, and it does not run', `Start it, or take it over (passcheck adopt): ${start}`);
  }
  return note(object, 'not made by passcheck, used as it is');
}
