import { describe, expect, it } from 'vitest';

import { merged } from './merged.ts';
import { fail, type Outcome, pass } from './outcome.ts';

const finding = (line: number, summary = 'Mend it'): Outcome =>
  fail(`line ${line} is wrong`, {
    evidence: [{ source: `a.xml:${line}`, observed: 'x' }],
    remedy: { summary },
    edits: [{ start: line, end: line, text: 'y' }],
  });
const lines = (count: number): Outcome[] => Array.from({ length: count }, (_, index) => finding(index + 1));

describe('findings with one remedy', () => {
  it('stay as they are where they are few, or need different remedies', () => {
    const few = [...lines(3), finding(9, 'Mend the other'), pass({ source: 'a', observed: 'b' })];
    expect(merged(few)).toEqual(few);
  });

  it('are one finding with the first twenty lines and all edits where they are many', () => {
    const [one, other] = merged([...lines(30), finding(99, 'Mend the other')]);
    expect(one).toMatchObject({ message: 'line 1 is wrong; and the same at 29 more places' });
    expect(one?.status === 'fail' && [one.evidence.length, one.edits?.length]).toEqual([20, 30]);
    expect(other).toMatchObject({ message: 'line 99 is wrong' });
  });
});
