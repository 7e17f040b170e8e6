import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readVolume } from './volume.ts';

describe('readVolume', () => {
  it('reads format and backing file', () => {
    const xml = `\n<volume type='file'><target><format type='qcow2'/></target><backingStore><path>/vm/base</path></backingStore></volume>\n`;
    expect(readVolume(xml)).toEqual({ format: 'qcow2', backing: '/vm/base' });
    expect(readVolume("<volume><target><format type='raw'/></target></volume>")).toEqual({ format: 'raw', backing: null });
  });

  it.each(['', 'error: no volume', '<pool/>', '<volume/>', '<volume>'])('%j is no answer', (text) => expect(readVolume(text)).toBeNull());

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readVolume(text)).toBeNull();
      }),
    );
  });
});
