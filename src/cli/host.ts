import type { Clock } from '../engine/run.ts';
import { UsageError } from '../usage-error.ts';
import type { HostSource } from '../host/source.ts';

/** The host that is judged, and the time that its report bears. */
export interface OpenedSource {
  readonly host: HostSource;
  readonly clock: Clock;
}

/** This machine, or the recorded host of `--from`. */
export async function openSource(from: string | undefined): Promise<OpenedSource> {
  if (from === undefined) {
    const { liveHost } = await import('../host/live.ts');
    return { host: liveHost(), clock: { wall: () => Date.now(), monotonic: () => performance.now() } };
  }
  throw new UsageError('--from is not there yet');
}
