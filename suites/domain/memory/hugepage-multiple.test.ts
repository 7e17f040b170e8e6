import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { someHugepages } from '../../../test/host-facts.ts';
import { known } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import rule from './hugepage-multiple.ts';

const NO_HOST = { hugepages: NO_HOST_FACT, qemu: NO_HOST_FACT };
const pages = (memory: string, page: string): string => `${memory}<memoryBacking><hugepages>${page}</hugepages></memoryBacking>`;
const GIGABYTE = "<page size='1' unit='GiB'/>";
const mib = (size: number): string => `<memory unit='MiB'>${size}</memory>`;

function withQemu(body: string, version: readonly [number, number, number]): Outcome {
  const qemu = known({ system: ok({ path: '/usr/bin/qemu-system-x86_64', domains: [], version: ok(version) }), others: [] });
  return judgeOneDomain(rule, { body }, { hugepages: NO_HOST_FACT, qemu });
}

describe(rule.id, () => {
  it('passes with whole pages', () => {
    expect(judgeOneDomain(rule, { body: pages(mib(8192), GIGABYTE) }, NO_HOST)).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: pages(mib(8194), '') }, NO_HOST)).toMatchObject({ status: 'pass' });
  });

  it('fails with a part of a page, and says the sizes next to it', () => {
    expect(judgeOneDomain(rule, { body: pages(mib(8704), GIGABYTE) }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: '8704 MiB are no whole number of pages of 1024 MiB',
      evidence: [{ source: 'win11.xml:8', expected: '8192 MiB or 9216 MiB' }],
    });
    expect(judgeOneDomain(rule, { body: pages(mib(8193), '') }, NO_HOST)).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { body: pages(mib(512), GIGABYTE) }, NO_HOST)).toMatchObject({ evidence: [{ expected: '1024 MiB' }] });
  });

  it('judges each NUMA cell', () => {
    const cells = "<cpu><numa><cell memory='1' unit='GiB'/><cell memory='1536' unit='MiB'/></numa></cpu>";
    expect(judgeDomain(rule, { body: pages(cells, GIGABYTE) }, NO_HOST)).toMatchObject([
      { status: 'fail', evidence: [{ observed: "<cell memory='1536' unit='MiB'/>" }] },
    ]);
  });

  it('takes the default size of the host', () => {
    const hugepages = known({ ...someHugepages([]), defaultSizeKiB: 1024 * 1024 });
    expect(judgeOneDomain(rule, { body: pages(mib(8194), '') }, { hugepages, qemu: NO_HOST_FACT })).toMatchObject({ status: 'fail' });
  });

  it('counts less before QEMU 9.1, which rounds up', () => {
    expect(withQemu(pages(mib(8193), ''), [9, 0, 4])).toMatchObject({ severity: 'minor' });
    expect(withQemu(pages(mib(8193), ''), [9, 1, 0])).not.toHaveProperty('severity');
    expect(withQemu(pages(mib(512), GIGABYTE), [7, 2, 0])).not.toHaveProperty('severity');
    const bound = "<numatune><memory mode='strict' nodeset='0'/></numatune>";
    expect(withQemu(`${pages(mib(8193), '')}${bound}`, [7, 2, 0])).not.toHaveProperty('severity');
    const none = known({ system: ABSENT, others: [] });
    expect(judgeOneDomain(rule, { body: pages(mib(8193), '') }, { hugepages: NO_HOST_FACT, qemu: none })).not.toHaveProperty('severity');
  });

  it('does not apply to ordinary pages, nor to sizes that other rules refuse', () => {
    for (const body of [
      mib(8193),
      pages(mib(8193), "<page size='4'/>"),
      pages(mib(8193), "<page size='5' unit='M'/>"),
      '<memory>-1</memory>',
    ]) {
      expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'not-applicable' });
    }
  });
});
