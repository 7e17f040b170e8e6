import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { guestMemoryOf, ordinaryKiB, pagedKiB } from './guest-memory.ts';

const GIB = 1024 * 1024;
const read = (body: string, devices = ''): ReturnType<typeof guestMemoryOf> => guestMemoryOf(aDocument(aDefinition({ body, devices })));
const dimm = (size: string, more = ''): string =>
  `<memory model='dimm'>${more}<target><size unit='GiB'>${size}</size><node>0</node></target></memory>`;
const CELLS = "<cpu><numa><cell id='0' cpus='0' memory='4' unit='GiB'/><cell id='1' cpus='1' memory='2' unit='GiB'/></numa></cpu>";
const pages = (xml: string): string => `<memoryBacking><hugepages>${xml}</hugepages></memoryBacking>`;

describe(guestMemoryOf.name, () => {
  it('is what <memory> says, in whole MiB', () => {
    expect(read("<memory unit='KB'>8000000</memory>")).toMatchObject({ totalKiB: 7630 * 1024, cellsKiB: null, modules: [] });
  });

  it('is the sum of the cells where there are some, whatever <memory> says', () => {
    expect(read(`<memory unit='GiB'>64</memory>${CELLS}`)).toMatchObject({ totalKiB: 6 * GIB, cellsKiB: 6 * GIB });
  });

  it('counts memory devices as a part of <memory>', () => {
    const memory = read("<memory unit='GiB'>8</memory>", dimm('2'));
    expect(memory).toMatchObject({ totalKiB: 8 * GIB, modules: [{ model: 'dimm', kib: 2 * GIB }] });
    expect(memory?.parts.map(({ kib }) => kib)).toEqual([6 * GIB, 2 * GIB]);
  });

  it.each([
    '',
    '<memory/>',
    '<memory>0</memory>',
    '<memory>-1</memory>',
    '<memory>many</memory>',
    "<memory>1</memory><cpu><numa><cell cpus='0'/></numa></cpu>",
  ])('is not known from %j', (body) => {
    expect(read(body)).toBeNull();
  });

  it('is not known when memory devices are all of it or more', () => {
    expect(read("<memory unit='GiB'>2</memory>", dimm('2'))).toBeNull();
  });
});

describe('pages of the guest', () => {
  it('are ordinary unless asked for', () => {
    const memory = read("<memory unit='GiB'>8</memory>");
    expect(memory === null ? null : ordinaryKiB(memory)).toBe(8 * GIB);
  });

  it.each([
    ['<hugepages/>', "<memory unit='GiB'>8</memory><memoryBacking><hugepages/></memoryBacking>", [[2048, 8 * GIB]]],
    ['one size', `<memory unit='GiB'>8</memory>${pages("<page size='1' unit='G'/>")}`, [[GIB, 8 * GIB]]],
    ["nodeset='0' without cells", `<memory unit='GiB'>8</memory>${pages("<page size='1' unit='G' nodeset='0'/>")}`, [[GIB, 8 * GIB]]],
    ['4 KiB', `<memory unit='GiB'>8</memory>${pages("<page size='4'/>")}`, []],
    ['one cell', `${CELLS}${pages("<page size='1' unit='G' nodeset='1'/>")}`, [[GIB, 2 * GIB]]],
    [
      'one cell and the rest',
      `${CELLS}${pages("<page size='2048'/><page size='1' unit='G' nodeset='1'/>")}`,
      [
        [2048, 4 * GIB],
        [GIB, 2 * GIB],
      ],
    ],
    ['a part of a page', `<memory unit='MiB'>1025</memory>${pages("<page size='1' unit='G'/>")}`, [[GIB, 2 * GIB]]],
    ['a size that cannot be read', `<memory unit='GiB'>8</memory>${pages("<page size='x'/>")}`, []],
  ])('follow the choice of %s', (_, body, expected) => {
    const memory = read(body);
    expect(memory === null ? null : [...pagedKiB(memory, 2048)]).toEqual(expected);
  });

  it('are those of its own for a memory device, and those of its cell else', () => {
    const own = dimm('1', "<source><pagesize unit='GiB'>1</pagesize></source>");
    const memory = read(`${CELLS}${pages("<page size='2048' nodeset='0'/>")}`, `${own}${dimm('1')}`);
    expect(memory === null ? null : [...pagedKiB(memory, null)]).toEqual([
      [2048, 5 * GIB],
      [GIB, GIB],
    ]);
  });

  it('come from the nodes that numatune binds them to', () => {
    const numatune = "<numatune><memory mode='strict' nodeset='0'/><memnode cellid='1' mode='strict' nodeset='1'/></numatune>";
    expect(read(`${CELLS}${numatune}`)?.parts.map(({ nodes }) => nodes)).toEqual([[0], [1]]);
    expect(read("<memory>9999</memory><numatune><memory mode='preferred' nodeset='0'/></numatune>")?.parts).toMatchObject([
      { nodes: null },
    ]);
  });

  it('are counted for virtio-mem as far as they are asked for', () => {
    const device = "<memory model='virtio-mem'><target><size unit='GiB'>4</size><requested unit='GiB'>1</requested></target></memory>";
    expect(read("<memory unit='GiB'>8</memory>", device)?.parts.map(({ kib }) => kib)).toEqual([4 * GIB, GIB]);
  });
});

it('any words in a definition give memory or null', () => {
  const words = fc.constantFrom('0', '-1', '8', 'x', '99999999999999999999', '0-3', '0-99999999', '^', '');
  fc.assert(
    fc.property(words, words, words, words, (memory, size, nodeset, cell) => {
      const body = `<memory>${memory}</memory>${pages(`<page size='${size}' nodeset='${nodeset}'/>`)}<cpu><numa><cell id='${cell}' memory='${size}'/></numa></cpu>
      <numatune><memory nodeset='${nodeset}'/><memnode cellid='${cell}' nodeset='${nodeset}'/></numatune>`;
      const read_ = read(body);
      expect(read_ === null || read_.totalKiB > 0).toBe(true);
    }),
  );
});
