import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { mountedPageSizeKiB, mounts, parseMounts } from './mounts.ts';

// From /proc/self/mounts of a Debian 12 machine, kernel 6.1, and a hugetlbfs of 1 GiB pages mounted by hand.
const TEXT = `sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0
hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0
none /dev/hugepages\\0401G hugetlbfs rw,relatime,pagesize=1024M 0 0
`;

describe('mounts', () => {
  it('reads sources, folders, types and options', async () => {
    const read = await valueOf(mounts, { files: { '/proc/self/mounts': TEXT } });
    expect(read).toHaveLength(3);
    expect(read[1]).toEqual({
      source: 'hugetlbfs',
      target: '/dev/hugepages',
      type: 'hugetlbfs',
      options: ['rw', 'relatime', 'pagesize=2M'],
    });
  });

  it('reads blanks in the name of a folder', () => expect(parseMounts(TEXT)[2]?.target).toBe('/dev/hugepages 1G'));

  it('takes /proc/mounts in a captured tree', async () => {
    expect(await valueOf(mounts, { files: { '/proc/mounts': TEXT } })).toHaveLength(3);
  });

  it('is an error when the table was not recorded', async () => {
    const host = { unreadable: { '/proc/self/mounts': 'not-recorded' } } as const;
    expect(await collect(mounts, host)).toMatchObject({ ok: false, error: { source: '/proc/self/mounts' } });
  });

  it('leaves out lines that are no mounts, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        for (const mount of parseMounts(text)) expect(mountedPageSizeKiB(mount) ?? 1).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('mountedPageSizeKiB', () => {
  it.each([
    ['pagesize=2M', 2048],
    ['pagesize=1024M', 1_048_576],
    ['pagesize=1G', 1_048_576],
    ['pagesize=64K', 64],
    ['relatime', null],
    ['pagesize=', null],
  ])('reads %s', (option, size) => expect(mountedPageSizeKiB({ options: ['rw', option] })).toBe(size));
});
