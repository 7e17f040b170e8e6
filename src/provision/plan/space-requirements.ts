import { groupedBy } from '../../grouped.ts';
import type { Action } from './model.ts';
import { need, type Need } from './need.ts';
import { type PlanContext, volumeKey } from './request.ts';
import { roughSize } from './words.ts';

/** Less than this is filled by the first installation, and a full disk stops every VM on it. */
const LEAST_BYTES = 1024 ** 3;

/** Disk images take their space only as they are written, so too little for all of it is no refusal; next to nothing is. */
export function spaceRequirements(context: PlanContext, actions: readonly Action[]): readonly Need[] {
  const grown = actions.flatMap((action) => growth(action, context));
  return [...groupedBy(grown, ({ folder }) => folder)].flatMap(([folder, parts]) => {
    const objects = parts.map(({ object }) => object);
    const wanted = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const free = context.look.freeBytes.get(folder) ?? { state: 'absent' };
    if (free.state !== 'ok') {
      const detail = free.state === 'unreadable' ? ` (${free.detail})` : '';
      return [need('unseen', { objects, message: `could not look how much space is free for ${folder}${detail}` })];
    }
    if (free.value < LEAST_BYTES) {
      const message = `${roughSize(free.value)} are free for ${folder}, which is too little for any VM`;
      return [need('missing', { objects, message, fix: `Make room, or put the pool elsewhere: df -h ${folder}` })];
    }
    if (free.value >= wanted) return [];
    const message = `${roughSize(free.value)} are free for ${folder}, and full disks would take ${roughSize(wanted)} more`;
    return [need('advice', { objects, message })];
  });
}

function growth(
  { object, step }: Action,
  context: PlanContext,
): readonly { readonly object: Action['object']; readonly folder: string; readonly bytes: number }[] {
  if (step.do !== 'create-volume' && step.do !== 'recreate-volume' && step.do !== 'grow-volume' && step.do !== 'grow-disk') return [];
  const volume = context.desired.volumes.find(({ label }) => label === object.name);
  if (volume === undefined) return [];
  const before = step.do === 'create-volume' ? 0 : (context.volumes.get(volumeKey(volume))?.capacityBytes ?? 0);
  return [{ object, folder: volume.path.slice(0, volume.path.lastIndexOf('/')), bytes: volume.capacityBytes - before }];
}
