import { describe, expect, it } from 'vitest';

import { manyLines, oneLine } from './sanitize.ts';

describe('text of a host', () => {
  it.each([
    ['an escape sequence', '\u001b[2J\u001b]0;title\u0007', '\\x1b[2J\\x1b]0;title\\x07'],
    ['the one-byte CSI', '\u009b31m', '\\x9b31m'],
    ['a bidirectional override', 'a\u202eb', 'a\\u202eb'],
    ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a carriage return that would overwrite the line', 'NO-GO\rGO   ', 'NO-GO GO   '],
    ['a tab', 'a\tb', 'a b'],
  ])('shows %s instead of obeying it', (_name, text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });

  it('leaves ordinary text alone', () => {
    expect(oneLine('Überwachung 漢字 👍 × ·')).toBe('Überwachung 漢字 👍 × ·');
  });

  it('keeps the lines of text that has some', () => {
    expect(manyLines('a\r\nb\n\u0007c')).toBe('a\nb\n\\x07c');
  });
});
