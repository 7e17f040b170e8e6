import { describe, expect, it } from 'vitest';

import { fixed, judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './sizes.ts';

describe(rule.id, () => {
  it.each([
    "<memory unit='GiB'>8</memory>",
    '<memory>8388608</memory>\n  <currentMemory/>',
    "<cpu><numa><cell memory='8' unit='G'/></numa></cpu>",
    "<memory>0</memory><cpu><numa><cell memory='8' unit='G'/></numa></cpu>",
  ])('passes for %s', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['<memory>-8</memory>', '<memory> is "-8", which is no size of memory'],
    ["<memory unit='GIGA'>8</memory>", '<memory> is "8 GIGA", which is no size of memory'],
    ['<memory>8 GiB</memory>', '<memory> is "8 GiB", which is no size of memory'],
    ['<memory>99999999999999999999</memory>', '<memory> is "99999999999999999999", which is no size of memory'],
    ["<memory unit='GiB'>99999999999</memory>", '<memory> is "99999999999 GiB", which is no size of memory'],
    ['<memory>0</memory>', '<memory> is 0'],
    ['<memory>1</memory><currentMemory>x</currentMemory>', '<currentMemory> is "x", which is no size of memory'],
    ["<memory>1</memory><memoryBacking><hugepages><page size='0'/></hugepages></memoryBacking>", 'size of <page> is 0'],
    ['<memory></memory>', 'the definition does not say how much memory the guest has'],
    ['', 'the definition does not say how much memory the guest has'],
  ])('fails for %s', (body, message) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail', message });
  });

  it('names the line of each bad size', () => {
    const body = "<memory>x</memory>\n  <memtune>\n    <hard_limit unit='y'>1</hard_limit>\n  </memtune>";
    expect(judgeDomain(rule, { body })).toMatchObject([
      { evidence: [{ source: 'win11.xml:8', observed: '<memory>x</memory>' }], location: { line: 8, column: 3 } },
      { evidence: [{ source: 'win11.xml:10' }] },
    ]);
  });

  it('says no more of a definition with ten thousand bad sizes than of one with twenty', () => {
    expect(judgeDomain(rule, { body: `<cpu><numa>${"<cell memory='x'/>".repeat(10_000)}</numa></cpu>` })).toHaveLength(20);
  });

  it('judges guests of any architecture', () => {
    const body = "<memory>x</memory><os><type arch='aarch64'>hvm</type></os>";
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail' });
  });

  it('removes the blanks behind a number, which libvirt does not take', () => {
    expect(fixed(rule, { body: "<memory unit='KiB'>\n    8388608\n  </memory>" })).toContain("<memory unit='KiB'>8388608</memory>");
    const cell = "<cpu>\n    <numa>\n      <cell memory='8 ' unit='GiB'/>\n    </numa>\n  </cpu>";
    expect(fixed(rule, { body: cell })).toContain("<cell memory='8' unit='GiB'/>");
  });
});
