import type { DesiredVolume } from '../desired.ts';
import type { PlannedObject } from './model.ts';
import { note, type Part, part, refusal } from './part.ts';
import type { Removal } from './removal.ts';
import { volumeKey } from './request.ts';
import { nameList, sizeText, virshCommand } from './words.ts';

/** Deletes the file of a volume, with what it holds: only one that passcheck made or was given, and that nothing else uses. */
export function removeVolume(volume: DesiredVolume, removal: Removal): Part {
  const object: PlannedObject = { kind: 'volume', name: volume.label };
  const { context, desired } = removal;
  const { path, pool, name } = volume;
  const live = context.volumes.get(volumeKey(volume));
  if (live === undefined) return unseen(volume, object, removal);
  const owned = context.owned.volumes.get(path);
  if (owned?.owner !== desired.owner) {
    const whose = owned === undefined ? 'passcheck did not make it' : `it belongs to the spec ${owned.owner}`;
    return refusal(object, `${path} is not deleted: ${whose}`, 'Leave it out of --delete-disks');
  }
  const users = (context.users.get(path) ?? []).map(({ domain }) => domain).filter((user) => !removal.removed.has(user));
  if (users.length > 0)
    return refusal(object, `${path} is not deleted: it is a disk of ${nameList(users)}`, `Leave it out of --delete-disks`);
  const overlays = (context.overlays.get(path) ?? []).map((overlay) => overlay.path);
  if (overlays.length > 0) {
    return refusal(object, `${path} is not deleted: ${nameList(overlays)} is built on it`, 'Leave it out of --delete-disks');
  }
  const unsafe = unsafeFile(path, removal);
  if (unsafe !== null)
    return refusal(
      object,
      `${path} is not deleted: ${unsafe}`,
      `See what it is: ${virshCommand(desired.connection, 'vol-info', '--pool', pool, name)}`,
    );
  const step = { do: 'delete-volume', pool, volume: name, path } as const;
  const summary = `delete ${path} with what it holds (${sizeText(live.capacityBytes)})`;
  return part({ actions: [{ object, verb: 'remove', summary, changes: [], step }] });
}

/** A pool that does not run shows nothing. */
function unseen({ path, pool }: DesiredVolume, object: PlannedObject, { look, context, desired }: Removal): Part {
  const file = look.files.get(path);
  if (file?.state === 'absent') return note(object, `${path} is not there, so nothing is deleted`);
  const live = context.pools.get(pool);
  const fix =
    live === undefined || live.isActive
      ? `Look yourself, then: rm ${path}`
      : `Start it: ${virshCommand(desired.connection, 'pool-start', pool)}`;
  return refusal(object, `${path} is not deleted: libvirt does not show it (is the pool ${pool} running?)`, fix);
}

/** A link could lead anywhere. */
function unsafeFile(path: string, { look }: Removal): string | null {
  const file = look.files.get(path);
  if (file === undefined || file.state === 'absent') return 'it was not looked at';
  if (file.state === 'unreadable') return `could not look at it (${file.detail})`;
  return file.value.kind === 'file' ? null : 'it is no ordinary file';
}
