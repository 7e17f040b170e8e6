import { describe, expect, it } from 'vitest';

import { fixed, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './hugepage-choice.ts';

const CELLS = "<cpu><numa><cell memory='1'/><cell memory='1'/></numa></cpu>";
const backing = (pages: string, more = ''): string => `<memoryBacking><hugepages>${pages}</hugepages>${more}</memoryBacking>`;

describe(rule.id, () => {
  it.each([
    ['no size', backing('')],
    ['2 MiB', backing("<page size='2' unit='MiB'/>")],
    ['1 GiB', backing("<page size='1048576'/>")],
    ['4 KiB', backing("<page size='4'/>")],
    ["nodeset='0' without cells", backing("<page size='2048' nodeset='0'/>")],
    ['one size for a cell, one for the rest', `${backing("<page size='2048'/><page size='1' unit='G' nodeset='1'/>")}${CELLS}`],
    ['a memfd', backing('', "<source type='memfd'/><allocation mode='immediate'/>")],
  ])('passes with %s', (_, body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ["<page size='5' unit='M'/>", '', 'x86 has no pages of 5 MiB'],
    ["<page size='2048' nodeset='1'/>", '', 'nodeset names cell 1, and the guest has no NUMA cells'],
    ["<page size='2048' nodeset='0-2'/>", CELLS, 'nodeset names cell 2, and the guest has no NUMA cell 2'],
    ["<page size='2048' nodeset='0-99999999'/>", CELLS, 'nodeset is no set of NUMA cells'],
    ["<page size='2048'/><page size='1048576'/>", '', 'a second size of pages for all of the guest'],
    ["<page size='2048' nodeset='0-1'/><page size='1048576' nodeset='1'/>", CELLS, 'a second size of pages for cell 1 of the guest'],
  ])('fails with %s', (pages, more, message) => {
    expect(judgeOneDomain(rule, { body: `${backing(pages)}${more}` })).toMatchObject({
      status: 'fail',
      message,
      evidence: [{ source: 'win11.xml:8' }],
    });
  });

  it('fails beside anonymous memory', () => {
    expect(judgeOneDomain(rule, { body: backing('', "<source type='anonymous'/>") })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: "type='anonymous'" }],
    });
  });

  it('fails with allocation on demand, and mends it', () => {
    const body = backing('', "<allocation mode='ondemand'/>");
    expect(judgeOneDomain(rule, { body })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: "mode='ondemand'", expected: 'immediate' }],
    });
    expect(fixed(rule, { body })).toContain("<allocation mode='immediate'/>");
  });

  it('calls a file beside hugepages harmless', () => {
    expect(judgeOneDomain(rule, { body: backing('', "<source type='file'/>") })).toMatchObject({ status: 'fail', severity: 'info' });
  });

  it('does not apply without hugepages', () => {
    expect(judgeDomain(rule, { body: '<memoryBacking/>' })).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('reads ten thousand choices in bounded time', () => {
    const pages = "<page size='2048' nodeset='0-16383'/>".repeat(10_000);
    expect(judgeDomain(rule, { body: backing(pages) }).length).toBeLessThan(200);
  });
});
