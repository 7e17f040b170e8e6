import type { DesiredVolume } from '../desired.ts';
import { treeText } from '../tree.ts';
import type { LiveVolume } from '../world.ts';
import type { Action, PlannedObject } from './model.ts';
import { joined, note, type Part, part, refusal } from './part.ts';
import { type PlanContext, volumeKey } from './request.ts';
import { nameList, sizeText, virshCommand } from './words.ts';

interface Volume {
  readonly desired: DesiredVolume;
  readonly object: PlannedObject;
  readonly context: PlanContext;
}

/** A volume is made when it is not there, and grown when it is too small and passcheck's own. It is never shrunk, never emptied. */
export function planVolume(desired: DesiredVolume, context: PlanContext): Part {
  const volume: Volume = { desired, object: { kind: 'volume', name: desired.label }, context };
  const live = context.volumes.get(volumeKey(desired));
  if (live === undefined) return absent(volume);
  const owned = context.owned.volumes.get(desired.path);
  if (owned === undefined) return foreign(volume, live);
  if (owned.owner !== context.desired.owner) {
    return refusal(
      volume.object,
      `${desired.path} belongs to the spec ${owned.owner}`,
      `Give this volume another file (file: NAME), or take it out of the spec ${owned.owner}`,
    );
  }
  return joined([existing(volume, live, owned.state === 'begun'), sharing(volume)]);
}

/** Is it not there yet, or made again as nothing holds it? */
export function makesVolume(desired: DesiredVolume, context: PlanContext): boolean {
  return planVolume(desired, context).actions.some(({ step }) => step.do === 'create-volume' || step.do === 'recreate-volume');
}

/** A pool that does not run shows no volumes, so the file itself is asked for. */
function absent({ desired, object, context }: Volume): Part {
  const file = context.look.files.get(desired.path);
  const create = part({
    actions: [createAction(desired, object, 'create-volume', `${sizeText(desired.capacityBytes)}, ${desired.format}`)],
  });
  if (file === undefined || file.state === 'absent') return create;
  if (file.state === 'unreadable') {
    return joined([
      create,
      note(object, `could not look whether ${desired.path} is there already (${file.detail}): libvirt replaces no file`),
    ]);
  }
  if (context.pools.get(desired.pool)?.isActive === true || file.value.kind !== 'file') {
    return refusal(
      object,
      `${desired.path} is there, and libvirt does not take it for a volume of the pool ${desired.pool}`,
      `Move it away, or give this volume another file (file: NAME)`,
    );
  }
  const owned = context.owned.volumes.get(desired.path);
  if (owned?.owner === context.desired.owner && owned.state === 'made') return part({});
  return note(
    object,
    `${desired.path} is there already and is used with what it holds; its size and format show when the pool ${desired.pool} runs`,
  );
}

function createAction(desired: DesiredVolume, object: PlannedObject, verb: 'create-volume' | 'recreate-volume', summary: string): Action {
  const step = { do: verb, pool: desired.pool, volume: desired.name, path: desired.path, xml: treeText(desired.tree) } as const;
  return { object, verb: 'create', summary, changes: [], step };
}

function foreign({ desired, object, context }: Volume, live: LiveVolume): Part {
  const wrong = mismatch(desired, live);
  const others = usersBeside(desired.path, context);
  if (others.length > 0) {
    return refusal(
      object,
      `${desired.path} is a disk of ${nameList(others)}, which this spec does not have`,
      'Give this volume another file (file: NAME)',
    );
  }
  if (wrong !== null) {
    const fix = `Say in the spec what it is (size: ${sizeText(live.capacityBytes)}${formatWords(live)}), or give the volume another file (file: NAME)`;
    return refusal(object, `${desired.path} was there before and is ${wrong}`, fix);
  }
  return note(object, `${desired.path} was there before and is used with what it holds; passcheck will not delete it`);
}

function formatWords({ format }: LiveVolume): string {
  return format === 'raw' || format === 'qcow2' ? `, format: ${format}` : '';
}

/** Null: it can be used as it is. */
function mismatch(desired: DesiredVolume, live: LiveVolume): string | null {
  if (live.format !== desired.format) return `${live.format}, where ${desired.format} is wanted`;
  return live.capacityBytes < desired.capacityBytes
    ? `${sizeText(live.capacityBytes)}, where ${sizeText(desired.capacityBytes)} are wanted`
    : null;
}

function existing(volume: Volume, live: LiveVolume, isBegun: boolean): Part {
  const { desired, object, context } = volume;
  const isSame = live.format === desired.format && live.capacityBytes === desired.capacityBytes;
  if (isSame) return part({});
  if (isBegun && isUnused(desired.path, context)) {
    const summary = `made again: the first try was cut off, and nothing used it`;
    return part({ actions: [createAction(desired, object, 'recreate-volume', summary)] });
  }
  if (live.format !== desired.format) {
    return refusal(
      object,
      `${desired.path} is ${live.format}, and passcheck converts no disk`,
      `Set format: ${live.format} in the spec, or use another file`,
    );
  }
  if (live.capacityBytes > desired.capacityBytes) {
    return refusal(
      object,
      `${desired.path} has ${sizeText(live.capacityBytes)}; making it ${sizeText(desired.capacityBytes)} would cut off data`,
      `Set size: ${sizeText(live.capacityBytes)} in the spec`,
    );
  }
  return grown(volume, live);
}

function grown({ desired, object, context }: Volume, live: LiveVolume): Part {
  const { path, pool, name, capacityBytes: toBytes } = desired;
  const refused = growthRefusal({ desired, object, context });
  if (refused !== null) return refused;
  const changes = [{ field: 'size', from: sizeText(live.capacityBytes), to: sizeText(toBytes), effect: 'now' as const }];
  const running = (context.users.get(path) ?? []).find(({ isActive }) => isActive);
  const uuid = running === undefined ? null : context.domains.get(running.domain)?.uuid;
  if (uuid === undefined) return refusal(object, `${path} cannot grow: ${running?.domain} runs, and was not read`, 'Plan again');
  const step =
    uuid === null
      ? ({ do: 'grow-volume', pool, volume: name, path, toBytes } as const)
      : ({ do: 'grow-disk', uuid, path, toBytes } as const);
  return part({
    actions: [{ object, verb: 'change', summary: `size ${sizeText(live.capacityBytes)} → ${sizeText(toBytes)}`, changes, step }],
  });
}

function growthRefusal({ desired, object, context }: Volume): Part | null {
  const { path } = desired;
  const others = usersBeside(path, context);
  if (others.length > 0) {
    return refusal(
      object,
      `${path} cannot grow: it is a disk of ${nameList(others)}, too`,
      `Take it out of ${nameList(others)}, or keep its size`,
    );
  }
  const overlay = context.overlays.get(path)?.[0];
  if (overlay !== undefined) {
    return refusal(
      object,
      `${path} cannot grow: ${overlay.path} is built on it`,
      'Merge the snapshot into it first (virsh blockcommit), or keep its size',
    );
  }
  const holder = (context.users.get(path) ?? [])
    .map(({ domain }) => context.domains.get(domain))
    .find((domain) => (domain?.snapshots.length ?? 0) > 0);
  if (holder === undefined) return null;
  const list = virshCommand(context.desired.connection, 'snapshot-list', holder.name);
  return refusal(
    object,
    `${path} cannot grow while ${holder.name} has snapshots (${nameList(holder.snapshots)})`,
    `Delete them first: ${list}`,
  );
}

/** Two VMs that write to one disk destroy what is on it. */
function sharing({ desired, object, context }: Volume): Part {
  const others = usersBeside(desired.path, context);
  return others.length === 0 ? part({}) : note(object, `${desired.path} is a disk of ${nameList(others)}, too: never start both`);
}

/** Domains that the spec does not have, and have the file as a disk or below one. */
function usersBeside(path: string, { users, own }: PlanContext): readonly string[] {
  return (users.get(path) ?? []).map(({ domain }) => domain).filter((name) => !own.has(name));
}

function isUnused(path: string, { users, overlays }: PlanContext): boolean {
  return !users.has(path) && !overlays.has(path);
}
