import { mapReading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { parseCpuList, parseCpuMask } from './cpu-list.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { firstAnswer } from './first-answer.ts';
import { parseMeminfo } from './memory.ts';
import { optional, optionalList, readText, valueOrNull } from './read.ts';

/** One NUMA node of the host. Numbers can have gaps, nodes can be without memory or without CPUs. */
export interface NumaNode {
  readonly id: number;
  /** CPUs of the node that are online. */
  readonly cpus: readonly number[];
  /** KiB; 0 for a node without memory; null when its meminfo cannot be read. */
  readonly memoryKiB: number | null;
  /** Distance to each node, in the order of the nodes; 10 is the node itself. Empty when it cannot be read. */
  readonly distances: readonly number[];
}

const FOLDER = '/sys/devices/system/node';

/** The NUMA nodes, sorted by number; none when the kernel was built without NUMA: then all memory is alike. */
export const numaNodes = defineFact({
  id: 'numaNodes',
  collect(host): readonly NumaNode[] {
    return nodeNumbers(optionalList(host, FOLDER)).map((id) => readNode(host, id));
  },
});

/** The numbers of the names `node0`, `node33`, sorted; other names are left out. */
export function nodeNumbers(names: readonly string[]): number[] {
  return names.flatMap((name) => (/^node\d{1,4}$/.test(name) ? [Number(name.slice(4))] : [])).toSorted((a, b) => a - b);
}

function readNode(host: HostSource, id: number): NumaNode {
  const folder = `${FOLDER}/node${id}`;
  const meminfo = valueOrNull(readText(host, `${folder}/meminfo`));
  const distances = valueOrNull(readText(host, `${folder}/distance`))?.trim() ?? '';
  return {
    id,
    cpus: nodeCpus(host, folder),
    memoryKiB: meminfo === null ? null : (parseMeminfo(meminfo).get('MemTotal') ?? 0),
    distances: /^[\d ]{1,8192}$/.test(distances) ? distances.split(/ +/).map(Number) : [],
  };
}

/** `cpulist` came with Linux 2.6.29; before, there is only the mask. No such file is a node without CPUs. */
function nodeCpus(host: HostSource, folder: string): readonly number[] {
  const reading = firstAnswer(
    [
      { source: `${folder}/cpulist`, parse: parseCpuList },
      { source: `${folder}/cpumap`, parse: parseCpuMask },
    ],
    ({ source, parse }) => mapReading(readText(host, source), (text) => ({ source, cpus: parse(text) })),
  );
  const found = optional(`${folder}/cpulist`, reading);
  if (found === null) return [];
  if (found.cpus === null) throw new FactError({ source: found.source, reason: 'no list of CPUs', hint: 'look at the file by hand' });
  return found.cpus;
}
