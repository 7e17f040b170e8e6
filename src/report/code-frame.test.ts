import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { codeFrame } from './code-frame.ts';
import { textWidth } from './wrap.ts';

const frame = (text: string, column: number, length: number, columns = 80): string[] =>
  codeFrame({ file: 'win11.xml', line: 41, column, excerpt: { text, column, length } }, columns);

describe('codeFrame', () => {
  it('marks what is meant below its line', () => {
    expect(frame("    <memballoon model='virtio'/>", 17, 14)).toEqual([
      "41 │ <memballoon model='virtio'/>",
      '   │             ^^^^^^^^^^^^^^',
    ]);
  });

  it('keeps what is meant in sight in a long line', () => {
    const [line = '', mark = ''] = frame(`${'x'.repeat(150)}<bad/>${'y'.repeat(90)}`, 151, 6, 60);
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('<bad/>');
  });

  it('shows nothing where the report has no line', () => {
    expect(codeFrame({ file: 'win11.xml', line: 1, column: 1 }, 80)).toEqual([]);
  });

  it('never leaves its columns', () => {
    const texts = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 1, max: 250 }),
        fc.integer({ min: 1, max: 250 }),
        fc.integer({ min: 40, max: 120 }),
        (text, column, length, columns) => {
          for (const line of frame(text, column, length, columns)) expect(textWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});
