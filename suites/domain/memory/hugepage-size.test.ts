import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { DEBIAN, known } from '../../../test/facts.ts';
import { aPool, someHugepages } from '../../../test/host-facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { parseMounts } from '../../../src/facts/mounts.ts';
import rule from './hugepage-size.ts';

const GIB = 1024 * 1024;
const SMALL = 'hugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n';
const backing = (page: string, more = ''): string =>
  `<memory unit='GiB'>8</memory><memoryBacking><hugepages>${page}</hugepages>${more}</memoryBacking>`;
const GIGABYTE = "<page size='1' unit='GiB'/>";

function judge(body: string, { sizes = [2048, GIB], mounts = SMALL } = {}): Outcome {
  const hugepages = someHugepages(sizes.map((sizeKiB) => aPool(0, { sizeKiB })));
  return judgeOneDomain(rule, { body }, { hugepages, mounts: known(parseMounts(mounts)), platform: known(DEBIAN) });
}

describe(rule.id, () => {
  it('passes when the kernel has the size and it is mounted', () => {
    expect(judge(backing(''))).toMatchObject({ status: 'pass' });
    expect(judge(backing("<page size='2048'/>"))).toMatchObject({ status: 'pass' });
    expect(judge(backing("<page size='2048'/>"), { mounts: 'none /hugepages hugetlbfs rw 0 0' })).toMatchObject({ status: 'pass' });
  });

  it('fails when the kernel does not have the size', () => {
    expect(judge(backing(GIGABYTE), { sizes: [2048] })).toMatchObject({
      status: 'fail',
      message: 'the kernel of this host has no hugepages of 1024 MiB',
      evidence: [
        { source: 'win11.xml:8' },
        { source: '/sys/kernel/mm/hugepages', observed: 'hugepages-2048kB', expected: 'hugepages-1048576kB' },
      ],
    });
    expect(judge(backing(''), { sizes: [] })).toMatchObject({ status: 'fail', evidence: [{}, { observed: 'no size' }] });
  });

  it('fails when the size is not mounted, and says how', () => {
    expect(judge(backing(GIGABYTE))).toMatchObject({
      status: 'fail',
      message: 'no hugetlbfs with pages of 1024 MiB is mounted',
      evidence: [{}, { source: '/proc/self/mounts', observed: 'hugetlbfs /dev/hugepages (2 MiB)' }, {}],
      remedy: { steps: [{}, {}, { run: 'mount /dev/hugepages1G' }] },
    });
    expect(judge(backing(''), { mounts: '' })).toMatchObject({ status: 'fail', evidence: [{}, { observed: 'no hugetlbfs' }, {}] });
  });

  it('needs no mount for a memfd', () => {
    expect(judge(backing(GIGABYTE, "<source type='memfd'/>"), { mounts: '' })).toMatchObject({ status: 'pass' });
  });

  it('judges the pages of memory devices', () => {
    const devices =
      "<memory model='dimm'><source><pagesize unit='GiB'>1</pagesize></source><target><size unit='GiB'>1</size></target></memory>";
    const facts = { hugepages: someHugepages([aPool(0)]), mounts: known(parseMounts(SMALL)), platform: NO_HOST_FACT };
    expect(judgeDomain(rule, { body: backing(''), devices }, facts)).toMatchObject([
      { status: 'pass' },
      { status: 'fail', evidence: [{ observed: "<pagesize unit='GiB'>1</pagesize>" }, {}] },
    ]);
  });

  it('could not look when the mounts are hidden', () => {
    const facts = { hugepages: someHugepages([aPool(0)]), mounts: NO_HOST_FACT, platform: NO_HOST_FACT };
    expect(judgeOneDomain(rule, { body: backing('') }, facts)).toMatchObject({ status: 'unknown' });
  });

  it('does not apply without hugepages', () => {
    for (const body of ['', backing("<page size='4'/>"), backing("<page size='x'/>")])
      expect(judge(body)).toMatchObject({ status: 'not-applicable' });
  });
});
