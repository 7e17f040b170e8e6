import { ConnectionError } from '../../libvirt/connection.ts';
import type { LivePool, LiveVolume } from '../world.ts';
import { type Answer, batchWord, type Question, question } from './batch.ts';
import { parseVolume, volumeNames } from './live-volume.ts';

/** What lies in a pool: every name, and the volumes that were asked for. */
interface PoolContent {
  readonly names: readonly string[];
  readonly volumes: readonly LiveVolume[];
}

type Read = (live: LivePool | null) => PoolContent;

const NOTHING: PoolContent = { names: [], volumes: [] };

/**
 * A pool that is not there or does not run shows nothing. libvirt looks into the folder again first, which changes nothing on the disk:
 * without that it does not see what others put there. Throws a `ConnectionError` when the pool runs and does not answer.
 */
export function poolContent(pool: string, wanted: readonly string[]): Question<Read> {
  const commands = [`pool-refresh ${pool}`, `vol-list ${pool}`, ...wanted.map((name) => volumeCommand(pool, name))];
  return question(commands, ([refreshed, list, ...dumps]) => (live) => {
    if (live === null || !live.isActive || refreshed === undefined || list === undefined) return NOTHING;
    for (const { complaint } of [refreshed, list]) if (complaint !== null) throw unreadable(`the pool ${pool}`, complaint);
    const names = volumeNames(list.stdout);
    const volumes = dumps.flatMap((answer, index) => (names.includes(wanted[index] ?? '') ? volumeOf(pool, answer) : []));
    return { names, volumes };
  });
}

/** A volume that is listed; its name can hold anything. */
export function listedVolume(pool: string, name: string): Question<LiveVolume> {
  return question([volumeCommand(pool, name)], ([answer]) => volumeOf(pool, answer));
}

function volumeCommand(pool: string, name: string): string {
  return `vol-dumpxml --pool ${pool} ${batchWord(name) ?? ''}`;
}

function volumeOf(pool: string, answer: Answer | undefined): LiveVolume {
  const volume = parseVolume(pool, answer?.stdout ?? '');
  if (volume === null) throw unreadable(`the volume of ${answer?.command ?? pool}`, answer?.complaint ?? 'it prints something else');
  return volume;
}

function unreadable(what: string, complaint: string): ConnectionError {
  return new ConnectionError(`${what} could not be looked at: ${complaint}`, 'Run it again: it may be in use, or have changed meanwhile');
}
