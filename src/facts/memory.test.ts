import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { FactError } from './fact-error.ts';
import { memory, parseMeminfo } from './memory.ts';

// The head of /proc/meminfo of a Debian 12 machine, kernel 6.1.
const MEMINFO = `MemTotal:       32489496 kB
MemFree:        28118332 kB
MemAvailable:   28934524 kB
Buffers:           62296 kB
SwapTotal:       1000444 kB
HugePages_Total:       0
Hugepagesize:       2048 kB
Hugetlb:               0 kB
`;

describe('memory', () => {
  it('reads the sizes', async () => {
    expect(await valueOf(memory, { files: { '/proc/meminfo': MEMINFO } })).toEqual({
      totalKiB: 32_489_496,
      availableKiB: 28_934_524,
      swapTotalKiB: 1_000_444,
      defaultHugepageKiB: 2048,
    });
  });

  it('knows no available memory on kernels before 3.14', async () => {
    const host = { files: { '/proc/meminfo': 'MemTotal: 1000 kB\nMemFree: 500 kB\n' } };
    expect(await valueOf(memory, host)).toMatchObject({ totalKiB: 1000, availableKiB: null, defaultHugepageKiB: null });
  });

  it.each([
    ['it has no total', { files: { '/proc/meminfo': '\u0000\u0001rubbish' } }],
    ['it is not there', {}],
    ['it was not recorded', { files: { '/proc/meminfo': MEMINFO }, unreadable: { '/proc/meminfo': 'not-recorded' } }],
  ] as const)('is an error when %s', async (_, host) => {
    const attempt = await collect(memory, host);
    expect(attempt).toMatchObject({ ok: false, error: { source: '/proc/meminfo' } });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (text) => {
        const attempt = await collect(memory, { files: { '/proc/meminfo': text } });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});

describe('parseMeminfo', () => {
  it('reads the lines of a NUMA node', () => expect(parseMeminfo('Node 1 MemTotal:       16777216 kB\n').get('MemTotal')).toBe(16_777_216));
  it('reads names with brackets', () => expect(parseMeminfo('Active(anon):      11704 kB').get('Active(anon)')).toBe(11_704));
});
