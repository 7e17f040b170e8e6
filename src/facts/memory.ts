import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { requiredText } from './read.ts';

/** What the kernel says of its memory, in KiB. */
export interface Memory {
  /** All that the kernel manages: with every hugepage that is reserved, without what the firmware keeps. */
  readonly totalKiB: number;
  /** What programs could still get without swapping; null before Linux 3.14. */
  readonly availableKiB: number | null;
  readonly swapTotalKiB: number | null;
  /** Size of a hugepage when nobody says which; null without hugepages. */
  readonly defaultHugepageKiB: number | null;
}

const PATH = '/proc/meminfo';

/** Sizes of the machine's memory. https://docs.kernel.org/filesystems/proc.html#meminfo */
export const memory = defineFact({
  id: 'memory',
  collect(host): Memory {
    const values = parseMeminfo(requiredText(host, PATH));
    const totalKiB = values.get('MemTotal');
    if (totalKiB === undefined) throw new FactError({ source: PATH, reason: 'no line MemTotal', hint: 'look at the file by hand' });
    return {
      totalKiB,
      availableKiB: values.get('MemAvailable') ?? null,
      swapTotalKiB: values.get('SwapTotal') ?? null,
      defaultHugepageKiB: values.get('Hugepagesize') ?? null,
    };
  },
});

/** Lines `Name:   123 kB` of /proc/meminfo, and with the prefix `Node 0 ` of a node's meminfo. The first of a name counts. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(?:Node \d+ )?([A-Za-z_0-9()]+): +(\d{1,15})(?: kB)?$/.exec(line.trimEnd());
    if (match?.[1] !== undefined && !values.has(match[1])) values.set(match[1], Number(match[2]));
  }
  return values;
}
