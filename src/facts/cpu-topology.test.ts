import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { createFactStore } from '../engine/fact-store.ts';
import { openHost } from '../host/open.ts';
import { collect, valueOf } from '../../test/judge.ts';
import { cacheSizeKiB } from './cpu-caches.ts';
import { type CpuTopology, cpuTopology } from './cpu-topology.ts';
import { FactError } from './fact-error.ts';

const CPU = '/sys/devices/system/cpu';

interface Described {
  readonly siblings: string;
  readonly package?: number;
  readonly die?: number;
  readonly core: number;
  readonly l2?: string;
  /** CPU list and size. */
  readonly l3?: readonly [string, string];
}

/** The files of one CPU, with the names of current kernels. */
function aCpu(cpu: number, { siblings, package: packageId = 0, die = 0, core, l2 = siblings, l3 }: Described): Record<string, string> {
  const folder = `${CPU}/cpu${cpu}`;
  const cache = (index: string, level: number, list: string, size: string): Record<string, string> => ({
    [`${folder}/cache/${index}/level`]: `${level}\n`,
    [`${folder}/cache/${index}/shared_cpu_list`]: `${list}\n`,
    [`${folder}/cache/${index}/size`]: `${size}\n`,
  });
  return {
    [`${folder}/topology/core_cpus_list`]: `${siblings}\n`,
    [`${folder}/topology/physical_package_id`]: `${packageId}\n`,
    [`${folder}/topology/die_id`]: `${die}\n`,
    [`${folder}/topology/core_id`]: `${core}\n`,
    ...cache('index0', 1, siblings, '32K'),
    ...cache('index2', 2, l2, '1024K'),
    ...(l3 === undefined ? {} : cache('index3', 3, l3[0], l3[1])),
  };
}

const SIXTEEN = Array.from({ length: 16 }, (_, index) => index);

describe('cpuTopology', () => {
  it('tells the cache-heavy half of an X3D processor by the size of its third-level cache', async () => {
    // Laid out as a Ryzen 9 7950X3D: threads n and n+16 are one core.
    const threads = SIXTEEN.flatMap((cpu) => {
      const l3 = cpu < 8 ? (['0-7,16-23', '98304K'] as const) : (['8-15,24-31', '32768K'] as const);
      return [cpu, cpu + 16].map((thread) => aCpu(thread, { siblings: `${cpu},${cpu + 16}`, core: cpu, l3 }));
    });
    const topology = await valueOf(cpuTopology, {
      files: Object.assign({ [`${CPU}/online`]: '0-31\n', [`${CPU}/present`]: '0-31\n' }, ...threads),
    });
    expect(topology.cores).toHaveLength(16);
    expect(topology.cores[3]).toMatchObject({ cpus: [3, 19], packageId: 0, coreId: 3, kind: null, node: null });
    expect(topology.l3.map(({ cpus, sizeKiB }) => [cpus.length, sizeKiB])).toEqual([
      [16, 98_304],
      [16, 32_768],
    ]);
  });

  it('tells performance from efficiency cores', async () => {
    const files = {
      [`${CPU}/online`]: '0-5\n',
      '/sys/devices/cpu_core/cpus': '0-1\n',
      '/sys/devices/cpu_atom/cpus': '2-5\n',
      ...aCpu(0, { siblings: '0-1', core: 0, l3: ['0-5', '24576K'] }),
      ...aCpu(1, { siblings: '0-1', core: 0, l3: ['0-5', '24576K'] }),
      ...Object.assign({}, ...[2, 3, 4, 5].map((cpu) => aCpu(cpu, { siblings: `${cpu}`, core: cpu, l2: '2-5', l3: ['0-5', '24576K'] }))),
    };
    const { cores, l2, l3 } = await valueOf(cpuTopology, { files });
    expect(cores.map(({ kind }) => kind)).toEqual(['performance', 'efficiency', 'efficiency', 'efficiency', 'efficiency']);
    expect(l2.map(({ cpus }) => cpus)).toEqual([
      [0, 1],
      [2, 3, 4, 5],
    ]);
    expect(l3).toHaveLength(1);
  });

  it('knows CPUs that are switched off, and leaves them out of cores', async () => {
    const files = {
      [`${CPU}/online`]: '0,2\n',
      [`${CPU}/present`]: '0-3\n',
      ...aCpu(0, { siblings: '0-1', core: 0 }),
      ...aCpu(2, { siblings: '2', core: 1 }),
    };
    expect(await valueOf(cpuTopology, { files })).toMatchObject({ online: [0, 2], offline: [1, 3], cores: [{ cpus: [0] }, { cpus: [2] }] });
  });

  it('finds the third level by what it says, not by its index', async () => {
    const files = {
      [`${CPU}/online`]: '0\n',
      [`${CPU}/cpu0/cache/index1/level`]: '3\n',
      [`${CPU}/cpu0/cache/index1/shared_cpu_list`]: '0\n',
      [`${CPU}/cpu0/cache/index3/level`]: '1\n',
    };
    expect((await valueOf(cpuTopology, { files })).l3).toEqual([{ cpus: [0], sizeKiB: null }]);
  });

  it('puts cores on their NUMA nodes', async () => {
    const files = { [`${CPU}/online`]: '0-1\n', '/sys/devices/system/node/node7/cpulist': '1\n' };
    expect((await valueOf(cpuTopology, { files })).cores.map(({ node }) => node)).toEqual([null, 7]);
  });

  it('is an error when a list was not recorded', async () => {
    const path = `${CPU}/cpu0/topology/core_cpus_list`;
    const attempt = await collect(cpuTopology, { files: { [`${CPU}/online`]: '0\n' }, unreadable: { [path]: 'not-recorded' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: path } });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (list, size) => {
        const described = { siblings: list, core: 0, l3: [list, size] as const };
        const attempt = await collect(cpuTopology, { files: { [`${CPU}/online`]: '0-3', ...aCpu(0, described) } });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});

describe('cacheSizeKiB', () => {
  it.each([
    ['98304K', 98_304],
    ['2M', 2048],
    ['big', null],
  ])('reads %s', (text, size) => expect(cacheSizeKiB(text)).toBe(size));
});

// Archives of real machines from hwloc's tests (tests/hwloc/linux, BSD-3-Clause); the names say what is in them.
const corpus = process.env['PASSCHECK_CORPUS'] ?? '';
const TRUTH = [
  ['16em64t-4s2c2t-offlines', { packages: 4, nodes: 1, cores: 7, threads: 12, offline: 4, l2: 7, l3: 4 }],
  ['20em64t-hybrid-1p6c2t+2ca4co1t', { packages: 1, nodes: 1, cores: 14, threads: 20, offline: 0, l2: 8, l3: 1 }],
  ['32amd64-4s2n4c-cgroup2', { packages: 4, nodes: 8, cores: 32, threads: 32, offline: 0, l2: 32, l3: 8 }],
  ['40intel64-2g2n4c+pcilocality', { packages: 4, nodes: 4, cores: 40, threads: 40, offline: 0, l2: 40, l3: 4 }],
  ['48amd64-4pa2n6c-sparse', { packages: 4, nodes: 8, cores: 48, threads: 48, offline: 0, l2: 48, l3: 8 }],
  ['8em64t-2s4c-asymcaches', { packages: 2, nodes: 1, cores: 8, threads: 8, offline: 0, l2: 3, l3: 0 }],
  ['96em64t-4no4pa3ca2co', { packages: 16, nodes: 4, cores: 96, threads: 96, offline: 0, l2: 48, l3: 16 }],
] as const;

describe.skipIf(!existsSync(`${corpus}/hwloc`))('cpuTopology of real machines', () => {
  it.each(TRUTH)('%s', async (name, truth) => {
    const topology = await read(`${corpus}/hwloc/${name}.tar.bz2`);
    expect(count(topology)).toEqual(truth);
    // The number that a name begins with is that of its CPUs.
    expect(topology.online.length + topology.offline.length).toBe(Number.parseInt(name, 10));
  });

  it('sees the two clusters of four efficient cores by their second-level caches', async () => {
    const { l2 } = await read(`${corpus}/hwloc/20em64t-hybrid-1p6c2t+2ca4co1t.tar.bz2`);
    expect(l2.filter(({ cpus }) => cpus.length === 4)).toHaveLength(2);
  });

  it('keeps NUMA nodes whose numbers have gaps', async () => {
    const { cores } = await read(`${corpus}/hwloc/48amd64-4pa2n6c-sparse.tar.bz2`);
    expect([...new Set(cores.map(({ node }) => node))]).toEqual([0, 1, 2, 33, 34, 45, 72, 73]);
  });
});

async function read(path: string): Promise<CpuTopology> {
  const { host } = await openHost(path);
  const attempt = await createFactStore({ host, context: { config: DEFAULT_CONFIG }, now: () => 0 }).get(cpuTopology);
  if (!attempt.ok) throw attempt.error;
  return attempt.value;
}

function count({ packages, cores, online, offline, l2, l3 }: CpuTopology): (typeof TRUTH)[number][1] | Record<string, number> {
  const nodes = new Set(cores.map(({ node }) => node)).size;
  const lengths = { packages: packages.length, nodes, cores: cores.length, threads: online.length, offline: offline.length };
  return { ...lengths, l2: l2.length, l3: l3.length };
}
