import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { FactError } from './fact-error.ts';
import { hugepages, pageSizeKiB, usablePages } from './hugepages.ts';

const MEMINFO = { '/proc/meminfo': 'MemTotal: 65536000 kB\nHugepagesize:       2048 kB\n' };

function pool(folder: string, values: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${folder}/${name}`, `${value}\n`]));
}

const GLOBAL = { nr_hugepages: 0, free_hugepages: 0, resv_hugepages: 0, surplus_hugepages: 0, nr_overcommit_hugepages: 0 };
const SMALL = '/sys/kernel/mm/hugepages/hugepages-2048kB';
const LARGE = '/sys/kernel/mm/hugepages/hugepages-1048576kB';
const THP = {
  '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
  '/sys/kernel/mm/transparent_hugepage/shmem_enabled': 'always [within_size] advise never deny force\n',
};

const node = (id: number): string => `/sys/devices/system/node/node${id}/hugepages/hugepages-2048kB`;

describe('hugepages', () => {
  it('sees a pool of 1 GiB pages, which /proc/meminfo does not show', async () => {
    const files = { ...MEMINFO, ...THP, ...pool(SMALL, GLOBAL), ...pool(LARGE, { ...GLOBAL, nr_hugepages: 16, free_hugepages: 8 }) };
    expect(await valueOf(hugepages, { files })).toMatchObject({
      defaultSizeKiB: 2048,
      transparent: { state: 'ok', value: 'madvise' },
      transparentShared: { state: 'ok', value: 'within_size' },
      pools: [
        { sizeKiB: 2048, total: 0 },
        { sizeKiB: 1_048_576, total: 16, free: 8 },
      ],
    });
  });

  it('reads what each node has, without asking for counters that nodes do not have', async () => {
    const files = {
      ...MEMINFO,
      ...pool(SMALL, { ...GLOBAL, nr_hugepages: 512, free_hugepages: 512 }),
      ...pool(node(0), { nr_hugepages: 512, free_hugepages: 512, surplus_hugepages: 0 }),
      ...pool(node(1), { nr_hugepages: 0, free_hugepages: 0, surplus_hugepages: 0 }),
      '/sys/devices/system/node/node2/cpulist': '\n',
    };
    const { pools } = await valueOf(hugepages, { files });
    expect(pools[0]?.nodes).toEqual([
      { node: 0, total: 512, free: 512, surplus: 0 },
      { node: 1, total: 0, free: 0, surplus: 0 },
    ]);
  });

  it('has no pools on a kernel without hugepages', async () => {
    expect(await valueOf(hugepages, { files: { '/proc/meminfo': 'MemTotal: 1000 kB\n' } })).toEqual({
      pools: [],
      defaultSizeKiB: null,
      transparent: { state: 'absent' },
      transparentShared: { state: 'absent' },
    });
  });

  it.each(['not-recorded', 'denied'] as const)('is an error when a counter is %s', async (reason) => {
    const path = `${SMALL}/free_hugepages`;
    const attempt = await collect(hugepages, { files: { ...MEMINFO, ...pool(SMALL, GLOBAL) }, unreadable: { [path]: reason } });
    expect(attempt).toMatchObject({ ok: false, error: { source: path } });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (text, mode) => {
        const files = { ...MEMINFO, ...pool(SMALL, GLOBAL), [`${SMALL}/nr_hugepages`]: text, [Object.keys(THP)[0] ?? '']: mode };
        const attempt = await collect(hugepages, { files });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});

describe('usablePages', () => {
  const counters = { sizeKiB: 2048, total: 10, free: 6, reserved: 2, surplus: 1, overcommit: 4, nodes: [] };

  it('takes promised pages off and adds what may be made on demand', () => expect(usablePages(counters)).toBe(4 + 3));
  it('is never negative when the counters changed while they were read', () =>
    expect(usablePages({ ...counters, reserved: 9, surplus: 9 })).toBe(0));
});

describe('pageSizeKiB', () => {
  it('reads the name of a folder', () => expect(pageSizeKiB('hugepages-1048576kB')).toBe(1_048_576));
  it.each(['hugepages-0kB', 'hugepages-2MB', 'rubbish'])('knows no size in "%s"', (name) => expect(pageSizeKiB(name)).toBeNull());
});
