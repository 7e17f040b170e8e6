import { describe, expect, it } from 'vitest';

import { aResult } from '../../test/report.ts';
import type { Result } from '../report/model.ts';
import { fixText } from './fix-text.ts';

/** A rule that wants no `word` in the text and would replace each by `instead`. */
function against(id: string, word: string, instead: string): (text: string) => Result[] {
  return (text) =>
    [...text.matchAll(new RegExp(word, 'g'))].map(({ index }) =>
      aResult({ id, status: 'fail', message: `${word} at ${index}`, edits: [{ start: index, end: index + word.length, text: instead }] }),
    );
}

/** A rule that always finds something, and something worse with `word` in the text. */
const worseWith =
  (word: string) =>
  (text: string): Result[] => [aResult({ id: 'worse', status: 'fail', severity: text.includes(word) ? 'major' : 'minor' })];

const judgeBy =
  (...rules: readonly ((text: string) => Result[])[]) =>
  (text: string): Promise<Result[]> =>
    Promise.resolve(rules.flatMap((rule) => rule(text)));

describe('fixText', () => {
  it('mends every place of every rule and keeps the rest', async () => {
    const { text, fixed } = await fixText('a-bad-b-bad-c-ugly', judgeBy(against('1', 'bad', 'good'), against('2', 'ugly', 'nice')));
    expect(text).toBe('a-good-b-good-c-nice');
    expect(fixed.map(({ id }) => id)).toEqual(['1', '1', '2']);
  });

  it('changes nothing the second time', async () => {
    const judge = judgeBy(against('1', 'bad', 'good'));
    const once = await fixText('bad', judge);
    expect(await fixText(once.text, judge)).toEqual({ text: once.text, fixed: [], kept: [], left: [] });
  });

  it('leaves a fix out that brings another finding about, and says so', async () => {
    const { text, kept } = await fixText(
      'bad ugly',
      judgeBy(against('1', 'bad', 'worse'), against('2', 'worse', ''), against('3', 'ugly', 'nice')),
    );
    expect(text).toBe('bad nice');
    expect(kept.map(({ id }) => id)).toEqual(['1']);
  });

  it('keeps a fix that makes another finding milder, and no fix that makes it worse', async () => {
    expect(await fixText('bad', judgeBy(against('1', 'bad', 'good'), worseWith('bad')))).toMatchObject({ text: 'good', kept: [] });
    expect(await fixText('bad', judgeBy(against('1', 'bad', 'good'), worseWith('good')))).toMatchObject({ text: 'bad' });
  });

  it('mends only what is wanted, and still makes nothing else worse', async () => {
    const judge = judgeBy(
      against('1', 'bad', 'worse'),
      against('2', 'worse', ''),
      against('3', 'ugly', 'nice'),
      against('4', 'old', 'new'),
    );
    const { text, kept, left } = await fixText('bad ugly old', judge, ({ id }) => id === '1' || id === '3');
    expect(text).toBe('bad nice old');
    expect(kept.map(({ id }) => id)).toEqual(['1']);
    expect(left.map(({ id }) => id)).toEqual(['1', '4']);
  });

  it('leaves a fix out that does not help', async () => {
    const { text, kept } = await fixText('bad', judgeBy(against('1', 'bad', 'bad!')));
    expect(text).toBe('bad');
    expect(kept).toHaveLength(1);
  });

  it('ends with many findings that nothing mends', async () => {
    const { kept } = await fixText('bad '.repeat(600), judgeBy(against('1', 'bad', 'bad!')));
    expect(kept.length).toBeGreaterThan(0);
  });
});
