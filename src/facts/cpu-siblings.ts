import { mapReading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { parseCpuList, parseCpuMask } from './cpu-list.ts';
import { FactError } from './fact-error.ts';
import { firstAnswer } from './first-answer.ts';
import { optional, readAttribute } from './read.ts';

/**
 * The hardware threads of a CPU's core, by the name since Linux 5.3, the one before it, or the mask of kernels that have no
 * lists. Null: the kernel does not say.
 */
export function readSiblings(host: HostSource, cpu: number): readonly number[] | null {
  const folder = `/sys/devices/system/cpu/cpu${cpu}/topology`;
  const reading = firstAnswer(
    [
      { source: `${folder}/core_cpus_list`, parse: parseCpuList },
      { source: `${folder}/thread_siblings_list`, parse: parseCpuList },
      { source: `${folder}/thread_siblings`, parse: parseCpuMask },
    ],
    ({ source, parse }) => mapReading(readAttribute(host, source), (text) => understood(source, parse(text))),
  );
  return optional(`${folder}/core_cpus_list`, reading);
}

/** The list; a text that is none is an error that names its file. */
export function understood(source: string, list: number[] | null): number[] {
  if (list === null) throw new FactError({ source, reason: 'no list of CPUs', hint: 'look at the file by hand' });
  return list;
}
