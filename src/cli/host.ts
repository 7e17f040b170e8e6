import type { Clock } from '../engine/run.ts';
import type { HostSource } from '../host/source.ts';

/** The host that is judged, and the time that its report bears. */
export interface OpenedSource {
  readonly host: HostSource;
  readonly clock: Clock;
  /** The configuration that was recorded with the host, not validated yet; null for this machine and for captured trees. */
  readonly recordedConfig: unknown;
}

/** This machine, or the recorded host of `--from`. */
export async function openSource(from: string | undefined): Promise<OpenedSource> {
  if (from === undefined) {
    const { liveHost } = await import('../host/live.ts');
    return { host: liveHost(), clock: { wall: () => Date.now(), monotonic: () => performance.now() }, recordedConfig: null };
  }
  const { openHost } = await import('../host/open.ts');
  const { host, recordedAt, config } = await openHost(from);
  return { host, clock: stillClock(recordedAt), recordedConfig: config };
}

/** The same recording gives the same bytes: the time is that of the recording, and nothing takes time. */
function stillClock(recordedAt: string | null): Clock {
  const wall = Date.parse(recordedAt ?? '');
  return { wall: () => (Number.isNaN(wall) ? 0 : wall), monotonic: () => 0 };
}
