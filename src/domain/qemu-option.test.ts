import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isOn, optionText, parseQemuOption, qemuSizeBytes } from './qemu-option.ts';

describe('parseQemuOption', () => {
  it.each([
    ['ivshmem-plain,id=shmem0,memdev=looking-glass', 'keys'],
    ["{'driver':'ivshmem-plain','id':'shmem0','memdev':'looking-glass'}", 'json'],
    [' {"driver": "ivshmem-plain", "id": "shmem0", "memdev": "looking-glass"} ', 'json'],
    ['driver=ivshmem-plain,id=shmem0,memdev=looking-glass', 'keys'],
  ])('%s', (text, syntax) => {
    const option = parseQemuOption(text);
    expect(option).toMatchObject({ syntax, kind: 'ivshmem-plain' });
    expect(option && optionText(option, 'memdev')).toBe('looking-glass');
  });

  it('keeps the types of JSON, and apostrophes inside of its texts', () => {
    const option = parseQemuOption(`{'qom-type':'a','size':33554432,'share':true,'path':"it's",'say':'"hi"','list':[1]}`);
    expect([...(option?.values ?? [])].slice(1)).toEqual([
      ['size', 33_554_432],
      ['share', true],
      ['path', "it's"],
      ['say', '"hi"'],
    ]);
  });

  it('takes two commas as one, and a switch without a value as on', () => {
    const option = parseQemuOption('memory-backend-file,mem-path=/a,,b,share,id=x');
    expect(option && [optionText(option, 'mem-path'), isOn(option.values.get('share'))]).toEqual(['/a,b', true]);
  });

  it.each(['', '   ', '{', "{'a'", '[1]{', `x${',a=b'.repeat(2000)}`])('nothing can be told of "%.20s"', (text) => {
    expect(parseQemuOption(text)?.kind ?? null).toBe(text.startsWith('[') ? text : null);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^\{['"a-z:,\\]*\}$/)), (text) => {
        const option = parseQemuOption(text);
        expect(option === null || option.values.size <= text.length).toBe(true);
      }),
    );
  });
});

describe('qemuSizeBytes', () => {
  it.each([
    ['33554432', 33_554_432],
    ['32M', 33_554_432],
    ['1g', 1_073_741_824],
    ['32MB', null],
    ['-1', null],
    ['', null],
    [null, null],
    ['9'.repeat(40), null],
  ])('%s', (text, bytes) => expect(qemuSizeBytes(text)).toBe(bytes));
});

describe('isOn', () => {
  it.each([
    ['on', true],
    ['Yes', true],
    [true, true],
    [1, false],
    ['off', false],
    [undefined, false],
  ])('%s: %s', (value, expected) => {
    expect(isOn(value)).toBe(expected);
  });
});
