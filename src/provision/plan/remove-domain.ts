import type { LiveDomain } from '../world.ts';
import { nvramOf } from './definition.ts';
import type { Action, PlannedObject } from './model.ts';
import { joined, note, type Part, part, refusal } from './part.ts';
import type { Removal } from './removal.ts';
import { nameList, virshCommand } from './words.ts';

/** A VM that is passcheck's own goes away: shut down, then undefined. Its disks, NVRAM and TPM stay unless they are named. */
export function removeDomain(live: LiveDomain, removal: Removal): Part {
  const object: PlannedObject = { kind: 'domain', name: live.name };
  const obstacle = obstacleOf(live, object, removal);
  if (obstacle !== null) return obstacle;
  const { uuid, inactive, snapshots, isActive } = live;
  const shutDown: Action = {
    object,
    verb: 'remove',
    summary: `shut down (guest agent, then ACPI, ${removal.shutdownMs / 1000} s at most)`,
    changes: [],
    step: { do: 'shut-down-domain', uuid, timeoutMs: removal.shutdownMs },
  };
  const undefine: Action = {
    object,
    verb: 'remove',
    summary: 'take out of libvirt',
    changes: [],
    step: { do: 'undefine-domain', uuid, replaces: inactive, snapshotsMetadata: snapshots.length > 0 },
  };
  const files = joined([
    removal.deleteNvram ? nvramPart(live, object, removal) : part({}),
    removal.deleteTpm ? tpmPart(live, object, removal) : part({}),
  ]);
  return joined([
    part({ actions: isActive ? [shutDown] : [] }),
    // Before it is undefined: cut off in between, the VM is still there to say what is to be deleted.
    files,
    part({ actions: live.isTransient === true ? [] : [undefine] }),
    snapshots.length === 0
      ? part({})
      : note(object, `libvirt forgets its snapshots (${nameList(snapshots)}); what they hold stays in the files of the disks`),
  ]);
}

/** What libvirt refuses, or what would lose something that nobody named. */
function obstacleOf(
  { name, uuid, state, isActive, hasManagedSave, snapshots }: LiveDomain,
  object: PlannedObject,
  removal: Removal,
): Part | null {
  const { connection } = removal.desired;
  if (hasManagedSave) {
    const start = virshCommand(connection, 'start', uuid);
    return refusal(
      object,
      'its memory was saved when it was stopped (managed save), and would be lost',
      `Start it and shut it down from within: ${start}`,
    );
  }
  if (snapshots.length > 0 && !removal.forgetSnapshots) {
    const list = virshCommand(connection, 'snapshot-list', uuid);
    const message = `it has snapshots (${nameList(snapshots)}), of which only libvirt knows`;
    return refusal(object, message, `Delete them, or say --forget-snapshots, which keeps the files; which there are: ${list}`);
  }
  if (isActive && state !== 'running') {
    return refusal(
      object,
      `it is ${state}, so its guest cannot shut down`,
      `Let it run first: ${virshCommand(connection, 'resume', name)}`,
    );
  }
  return null;
}

/** At the path that the definition itself names, and nobody else's. */
function nvramPart(live: LiveDomain, object: PlannedObject, { look, world, deleteNvram }: Removal): Part {
  const path = deleteNvram ? nvramOf(live) : null;
  if (path === null) return note(object, 'its definition names no NVRAM file, so none is deleted');
  const other = world.users.find(({ domain, nvrams }) => domain !== live.name && nvrams?.includes(path));
  if (other !== undefined) return refusal(object, `its NVRAM ${path} is that of ${other.domain}, too`, 'Leave out --delete-nvram');
  const file = look.files.get(path);
  if (file?.state === 'absent') return part({});
  if (file === undefined || file.state === 'unreadable') {
    return refusal(
      object,
      `could not look at its NVRAM ${path}${file === undefined ? '' : ` (${file.detail})`}`,
      'Run passcheck as root, or leave out --delete-nvram',
    );
  }
  if (file.value.kind !== 'file')
    return refusal(object, `its NVRAM ${path} is no ordinary file`, 'See what it is, or leave out --delete-nvram');
  const step = { do: 'delete-nvram', uuid: live.uuid, path } as const;
  return part({ actions: [{ object, verb: 'remove', summary: `delete its NVRAM ${path}`, changes: [], step }] });
}

function tpmPart({ uuid }: LiveDomain, object: PlannedObject, { look, tpmFolder }: Removal): Part {
  const path = tpmFolder === null ? null : `${tpmFolder}/${uuid}`;
  const folder = path === null ? undefined : look.files.get(path);
  if (folder?.state === 'absent') return part({});
  if (path === null || folder === undefined || folder.state === 'unreadable') {
    const detail = folder?.state === 'unreadable' ? ` (${folder.detail})` : '';
    return refusal(
      object,
      `could not look at what its TPM holds${path === null ? '' : ` in ${path}`}${detail}`,
      'Run passcheck as root, or leave out --delete-tpm',
    );
  }
  if (folder.value.kind !== 'directory') return refusal(object, `${path} is no folder`, 'See what it is, or leave out --delete-tpm');
  const step = { do: 'delete-tpm', uuid, path } as const;
  return part({ actions: [{ object, verb: 'remove', summary: `delete what its TPM holds (${path})`, changes: [], step }] });
}
