import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { memoryKiB, memorySizes } from './memory-size.ts';

describe(memoryKiB.name, () => {
  it.each([
    ['8388608', null, 8_388_608],
    ['8', 'GiB', 8_388_608],
    ['8', 'g', 8_388_608],
    ['1000', 'KB', 977],
    ['1', 'GB', 976_563],
    ['1025', 'b', 2],
    ['1025', 'byte', 2],
    ['1', '', 1],
    [' \n+16\n', 'MiB', 16_384],
    ['0', null, 0],
    ['9007199254740991', null, 9_007_199_254_740_991],
  ])('reads %j %j as libvirt does', (text, unit, kib) => {
    expect(memoryKiB(text, unit)).toBe(kib);
  });

  it.each([
    ['-1', null],
    ['', null],
    ['8.5', 'GiB'],
    ['8GiB', null],
    ['0x10', null],
    ['1e9', null],
    ['8', 'GIGA'],
    ['8', 'iB'],
    ['9007199254740992', null],
    ['99999999999999999999', null],
    ['8', 'EiB'],
  ])('refuses %j %j', (text, unit) => {
    expect(memoryKiB(text, unit)).toBeNull();
  });

  it('gives a whole number for any text, or null', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.integer().map(String)),
        fc.option(fc.constantFrom('KB', 'KiB', 'EiB', 'b', 'x', '')),
        (text, unit) => {
          const kib = memoryKiB(text, unit);
          expect(kib === null || (Number.isSafeInteger(kib) && kib >= 0)).toBe(true);
        },
      ),
    );
  });
});

describe(memorySizes.name, () => {
  it('names every size that libvirt reads', () => {
    const body = `<maxMemory slots='2' unit='GiB'>16</maxMemory>
  <memory>1</memory>
  <currentMemory></currentMemory>
  <memtune><hard_limit>2</hard_limit></memtune>
  <memoryBacking><hugepages><page size='3' unit='M'/></hugepages></memoryBacking>
  <cpu><numa><cell cpus='0' memory='4'/></numa></cpu>`;
    const devices = "<memory model='dimm'><source><pagesize>5</pagesize></source><target><size>6</size></target></memory>";
    const sizes = memorySizes(aDocument(aDefinition({ body, devices })).root);
    expect(sizes.map(({ name, kib }) => [name, kib])).toEqual([
      ['<memory>', 1],
      ['<maxMemory>', 16 * 1024 * 1024],
      ['<hard_limit>', 2],
      ['size of <page>', 3072],
      ['memory of <cell>', 4],
      ['<size>', 6],
      ['<pagesize>', 5],
    ]);
  });
});
