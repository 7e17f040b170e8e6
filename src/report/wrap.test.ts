import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hang, hangParts, shorten, textWidth, wrap } from './wrap.ts';

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['× · ✗', 5],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👍', 2],
    ['ｗ', 2],
  ])('%s', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('wrapping', () => {
  it('breaks at blanks only', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  });

  it('keeps a path whole though it is longer than the line', () => {
    expect(wrap('see /sys/bus/pci/devices/0000:01:00.0 now', 10)).toEqual(['see', '/sys/bus/pci/devices/0000:01:00.0', 'now']);
  });

  it('hangs the later lines below the first', () => {
    expect(hang('  Fix  ', 'one two three four five six', 30)).toEqual(['  Fix  one two three four five', '       six']);
  });

  it('keeps the parts of a header together', () => {
    expect(hangParts('GO  ', ['gaia', 'Debian 12', 'GPU 0000:01:00.0'], 30)).toEqual(['GO  gaia · Debian 12', '    GPU 0000:01:00.0']);
  });

  it('loses no word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 100 }), (text, columns) => {
        expect(words(wrap(text, columns).join(' '))).toEqual(words(text));
      }),
    );
  });

  it('says how much it leaves out', () => {
    expect(shorten('abcdef', 4)).toBe('abcd … (2 more characters)');
    expect(shorten('abcd', 4)).toBe('abcd');
  });
});
