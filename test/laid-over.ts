import { type MemoryHost, memoryHost } from '../src/host/memory.ts';
import type { Reading } from '../src/host/reading.ts';
import type { HostSource } from '../src/host/source.ts';

/** A host with what another one has laid over it: what is there goes before its own. Folders list what they had. */
export function laidOver(host: HostSource, own: MemoryHost): HostSource {
  const over = memoryHost(own);
  const isOver = (path: string): boolean => over.stat(path).state === 'ok';
  return {
    ...host,
    read: (path, limit) => orBelow(over.read(path, limit), () => host.read(path, limit)),
    readRange: (path, offset, length) => (isOver(path) ? over.readRange(path, offset, length) : host.readRange(path, offset, length)),
    real: (path) => (isOver(path) ? over.real(path) : host.real(path)),
    stat: (path) => orBelow(over.stat(path), () => host.stat(path)),
    run: async (argv, options) => {
      const answer = await over.run(argv);
      return answer.state === 'absent' ? host.run(argv, options) : answer;
    },
  };
}

function orBelow<Value>(above: Reading<Value>, below: () => Reading<Value>): Reading<Value> {
  return above.state === 'absent' ? below() : above;
}
