import type { Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { parseCpuList, parseCpuMask } from './cpu-list.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
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

/** `cpulist` came with Linux 2.6.29; before, there is only the mask. */
function nodeCpus(host: HostSource, folder: string): readonly number[] {
  const list = cpus(`${folder}/cpulist`, readText(host, `${folder}/cpulist`), parseCpuList);
  return list ?? cpus(`${folder}/cpumap`, readText(host, `${folder}/cpumap`), parseCpuMask) ?? [];
}

function cpus(source: string, reading: Reading<string>, parse: (text: string) => number[] | null): readonly number[] | null {
  const text = optional(source, reading);
  if (text === null) return null;
  const numbers = parse(text);
  if (numbers === null) throw new FactError({ source, reason: 'no list of CPUs', hint: 'look at the file by hand' });
  return numbers;
}
