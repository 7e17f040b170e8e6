import { overlayOf } from '../diff/overlay.ts';
import type { Comparison } from './comparison.ts';
import type { PlannedObject } from './model.ts';
import { type Part, refusal } from './part.ts';
import { makesVolume } from './plan-volume.ts';
import type { PlanContext } from './request.ts';

/**
 * A VM whose disk is turned to a volume that is only being made starts with an empty disk. Where passcheck made the disk that it has, the
 * spec says so on purpose, and the old volume stays; nobody means it of another one.
 */
export function emptyDisk(
  { wanted, root }: Comparison,
  { object, context }: { readonly object: PlannedObject; readonly context: PlanContext },
): Part | null {
  const volumes = new Map(context.desired.volumes.map((volume) => [volume.path, volume]));
  for (const { target, desired, live, isOverlay } of overlayOf(wanted, root)) {
    const volume = volumes.get(desired);
    if (live === null || isOverlay || context.owned.volumes.has(live) || volume === undefined || !makesVolume(volume, context)) continue;
    const message = `disk ${target} is ${live}, and would become ${desired}, which does not exist yet: the VM would have an empty disk`;
    return refusal(object, message, `Describe the disk as it is: ${placeWords(live)}`);
  }
  return null;
}

function placeWords(live: string): string {
  const slash = live.lastIndexOf('/');
  const name = live.slice(slash + 1);
  const folder = live.slice(0, slash);
  return live.startsWith('/')
    ? `a volume with file: ${name} in a pool whose path: is ${folder || '/'}`
    : `a volume with file: ${name} in the pool ${folder}`;
}
