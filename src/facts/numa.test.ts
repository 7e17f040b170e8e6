import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { FactError } from './fact-error.ts';
import { nodeNumbers, numaNodes } from './numa.ts';

const NODE = '/sys/devices/system/node';

describe('numaNodes', () => {
  it('reads nodes whose numbers have gaps', async () => {
    const files = {
      [`${NODE}/node0/cpulist`]: '0-5\n',
      [`${NODE}/node0/meminfo`]: 'Node 0 MemTotal:        8386460 kB\n',
      [`${NODE}/node0/distance`]: '10 16\n',
      [`${NODE}/node33/cpulist`]: '18-23\n',
      [`${NODE}/node33/meminfo`]: 'Node 33 MemTotal:       16777216 kB\n',
      [`${NODE}/node33/distance`]: '16 10\n',
      [`${NODE}/possible`]: '0-73\n',
    };
    expect(await valueOf(numaNodes, { files })).toEqual([
      { id: 0, cpus: [0, 1, 2, 3, 4, 5], memoryKiB: 8_386_460, distances: [10, 16] },
      { id: 33, cpus: [18, 19, 20, 21, 22, 23], memoryKiB: 16_777_216, distances: [16, 10] },
    ]);
  });

  it('reads the mask where an old kernel has no list', async () => {
    const files = { [`${NODE}/node0/cpumap`]: '00000000,0000ffff\n', [`${NODE}/node0/meminfo`]: 'Node 0 MemTotal: 16772456 kB\n' };
    expect(await valueOf(numaNodes, { files })).toMatchObject([{ cpus: { length: 16 } }]);
  });

  it('knows a node without memory and CPUs', async () => {
    const files = { [`${NODE}/node1/cpulist`]: '\n', [`${NODE}/node1/meminfo`]: 'Node 1 MemTotal:       0 kB\n' };
    expect(await valueOf(numaNodes, { files })).toEqual([{ id: 1, cpus: [], memoryKiB: 0, distances: [] }]);
  });

  it('has none on a kernel without NUMA', async () => expect(await valueOf(numaNodes, {})).toEqual([]));

  it('is an error when the folder was not recorded', async () => {
    expect(await collect(numaNodes, { folders: [NODE], unreadable: { [NODE]: 'not-recorded' } })).toMatchObject({ ok: false });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (list, distance) => {
        const attempt = await collect(numaNodes, { files: { [`${NODE}/node0/cpulist`]: list, [`${NODE}/node0/distance`]: distance } });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});

describe('nodeNumbers', () => {
  it('sorts by number, not by name', () => expect(nodeNumbers(['node10', 'node2', 'has_cpu', 'node'])).toEqual([2, 10]));
});
