import { couldNotCollect, couldNotLook, type Evidence, fail, notApplicable, type Outcome, type Remedy } from '../../src/engine/outcome.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { hintAboutList } from '../../src/facts/file-access.ts';
import { clientRelease, type LookingGlassClient } from '../../src/facts/looking-glass-client.ts';
import type { MemoryUser, SharedMemoryFile } from '../../src/facts/looking-glass.ts';
import type { Reading } from '../../src/host/reading.ts';
import { parseResolution, requiredMiB, usesTwoFrames } from '../../src/looking-glass/memory-size.ts';

const MIB = 1024 * 1024;

/** Nothing asks for Looking Glass. */
export function notUsed(): Outcome {
  return notApplicable('neither a VM nor passcheck.yaml uses Looking Glass');
}

/** What the user's resolution needs, MiB, and how it was reckoned; null when passcheck.yaml names none. */
export function memoryDemand(
  { lookingGlass }: { readonly lookingGlass?: { readonly resolution?: string | undefined } | undefined },
  client: Attempt<Reading<LookingGlassClient>>,
): { readonly mib: number; readonly text: string } | null {
  const resolution = parseResolution(lookingGlass?.resolution ?? '');
  if (resolution === null) return null;
  const release = client.ok ? clientRelease(client.value) : null;
  const mib = requiredMiB(resolution, release);
  return { mib, text: `${mib} MiB for ${resolution.width}x${resolution.height} (${usesTwoFrames(release) ? 'up to B7' : 'after B7'})` };
}

/** QEMU and the client must both be able to read and write the memory. Null: both can. */
export function judgeUsers(file: SharedMemoryFile, remedyFor: (user: MemoryUser, other: string) => Remedy): Outcome | null {
  const outcomes = [
    judgeUser(file, file.qemu, 'whom QEMU runs as', remedyFor),
    judgeUser(file, file.client, 'who runs the client', remedyFor),
  ];
  return outcomes.find((outcome) => outcome?.status === 'fail') ?? outcomes.find((outcome) => outcome !== null) ?? null;
}

function judgeUser(
  { path }: SharedMemoryFile,
  attempt: Attempt<MemoryUser | null>,
  role: string,
  remedyFor: (user: MemoryUser, role: string) => Remedy,
): Outcome | null {
  if (!attempt.ok) return couldNotCollect(attempt.error, 'run passcheck as root');
  const user = attempt.value;
  if (user === null || user.reach === null || user.reach.state === 'reachable') return null;
  const { reach, name } = user;
  if (reach.state === 'unknown') return couldNotLook(reach.at, reach.reason, hintAboutList(reach, `may ${name} read and write?`));
  const { uid, gid, mode } = reach.stat;
  return fail(`${name}, ${role}, may not ${reach.at === path ? 'read and write' : 'pass'} ${reach.at}`, {
    evidence: [{ source: reach.at, observed: `owner ${uid}:${gid}, mode ${mode.toString(8)}`, expected: `rw for ${name}` }],
    remedy: remedyFor(user, role),
  });
}

/** Too small for the resolution, or (where none is named) for any. Null: it is enough. */
export function judgeSize(
  path: string,
  sizeBytes: number,
  demand: ReturnType<typeof memoryDemand>,
  remedyFor: (mib: number) => Remedy,
): Outcome | null {
  const needed = demand ?? { mib: requiredMiB({ width: 1920, height: 1080 }, null), text: '32 MiB for 1920x1080' };
  if (sizeBytes >= needed.mib * MIB) return null;
  return fail(`${path}: ${inMiB(sizeBytes)}, Looking Glass needs ${needed.text}`, {
    evidence: [{ source: path, observed: inMiB(sizeBytes), expected: needed.text }],
    remedy: remedyFor(needed.mib),
  });
}

export function inMiB(bytes: number): string {
  return `${Math.floor((bytes / MIB) * 10) / 10} MiB`;
}

/** What was seen of a file, as evidence of a pass. */
export function fileEvidence({ path, stat, sizeBytes }: SharedMemoryFile): Evidence {
  if (stat.state !== 'ok') return { source: path, observed: 'not there' };
  const { kind, uid, gid, mode, size } = stat.value;
  const bytes = sizeBytes ?? (kind === 'file' && size > 0 ? size : null);
  return { source: path, observed: `${kind}, owner ${uid}:${gid}, mode ${mode.toString(8)}${bytes === null ? '' : `, ${inMiB(bytes)}`}` };
}
