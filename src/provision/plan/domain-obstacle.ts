import { overlayOf } from '../diff/overlay.ts';
import type { LiveDomain } from '../world.ts';
import { changesSummary } from './change-words.ts';
import type { Comparison } from './comparison.ts';
import { isNewUuid, isOfDiskOrIdentity } from './disk-changes.ts';
import { emptyDisk } from './empty-disk.ts';
import type { PlannedObject } from './model.ts';
import { type Part, refusal } from './part.ts';
import type { PlanContext } from './request.ts';
import { nameList, virshCommand } from './words.ts';

interface About {
  readonly object: PlannedObject;
  readonly context: PlanContext;
}

/** Why the definition of a VM cannot be changed now; null: nothing is in the way, or nothing changes. */
export function domainObstacle(live: LiveDomain, comparison: Comparison, about: About): Part | null {
  if (comparison.isOnlyMark) return null;
  return (
    newUuid(live, comparison, about) ??
    lostOverlay(live, comparison, about) ??
    emptyDisk(comparison, about) ??
    snapshots(live, comparison, about) ??
    managedSave(live, comparison, about)
  );
}

function newUuid({ uuid }: LiveDomain, { differences }: Comparison, { object }: About): Part | null {
  if (!differences.some(isNewUuid)) return null;
  return refusal(object, `its UUID is ${uuid}, and libvirt gives no VM another`, `Set uuid: ${uuid} in the spec, or leave it out`);
}

/** The definition does not always say that an image is built on another; the images do. */
function lostOverlay({ uuid }: LiveDomain, { wanted, root }: Comparison, { object, context }: About): Part | null {
  const lost = overlayOf(wanted, root).find(
    ({ isOverlay, live, desired }) => !isOverlay && live !== null && isBuiltOn(live, desired, context),
  );
  if (lost === undefined) return null;
  const { target, live, desired } = lost;
  const message = `disk ${target} is ${live}, which is built on ${desired}: what was written to it since would be lost`;
  const merge = virshCommand(context.desired.connection, 'blockcommit', uuid, target, '--active', '--pivot');
  return refusal(object, message, `Merge it first, while the VM runs: ${merge}`);
}

const LONGEST_CHAIN = 64;

function isBuiltOn(image: string, base: string, { world }: PlanContext): boolean {
  const backing = new Map(world.volumes.map((volume) => [volume.path, volume.backing]));
  let below = backing.get(image) ?? null;
  for (let depth = 0; below !== null && depth < LONGEST_CHAIN; depth += 1) {
    if (below === base) return true;
    below = backing.get(below) ?? null;
  }
  return false;
}

function snapshots(
  { uuid, snapshots: names }: LiveDomain,
  { differences, root, changes }: Comparison,
  { object, context }: About,
): Part | null {
  if (names.length === 0 || !differences.some((difference) => isOfDiskOrIdentity(difference, root))) return null;
  const list = virshCommand(context.desired.connection, 'snapshot-list', uuid);
  const message = `it has snapshots (${nameList(names)}), for which its disks, NVRAM and TPM have to stay as they are: ${changesSummary(changes)}`;
  return refusal(object, message, `Delete the snapshots, or take the change out of the spec: ${list}`);
}

function managedSave({ uuid, hasManagedSave }: LiveDomain, { changes }: Comparison, { object, context }: About): Part | null {
  if (!hasManagedSave) return null;
  const message = `its memory was saved when it was stopped (managed save), and would meet another machine: ${changesSummary(changes)}`;
  const start = virshCommand(context.desired.connection, 'start', uuid);
  return refusal(object, message, `Start it and shut it down from within first: ${start}`);
}
