import type { Clock, RunRequest } from '../engine/run.ts';
import type { Taking } from '../inventory/collect.ts';
import { VERSION } from '../version.ts';
import { type DeliverOptions, reportFormat } from './deliver.ts';

interface Recorded {
  readonly from?: string | undefined;
}

/** A phase asks for the machine, too. */
interface Judging {
  readonly phase?: string;
}

/** With these a definition is the output, and no report. */
interface Mending {
  readonly fix?: boolean;
  readonly diff?: boolean;
}

/** Formats that show the machine, or keep it for one that does. */
const SHOWS_MACHINE: ReadonlySet<string> = new Set(['json', 'html', 'markdown']);

/** The part of a run that collects what a report shows beside its results, for the formats that have room for it. */
export function describing(options: DeliverOptions & Recorded & Mending & Judging, clock: Clock): Pick<RunRequest, 'describe'> {
  if (options.fix === true || options.diff === true) return {};
  const format = reportFormat(options);
  if (!SHOWS_MACHINE.has(format) && options.phase === undefined) return {};
  return {
    describe: async (store) => (await import('../inventory/machine.ts')).collectMachine(store, takingOf(options, clock)),
  };
}

/** Who looks, and when. A recording that does not say when it was made has the time 0. */
export function takingOf({ from }: Recorded, clock: Clock): Taking {
  const wall = clock.wall();
  return { version: VERSION, takenAt: wall === 0 ? null : new Date(wall).toISOString(), isRecorded: from !== undefined };
}
