import { describe, expect, it } from 'vitest';

import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import { firstAnswer } from './first-answer.ts';

const HIDDEN = unreadable('not-recorded', 'not recorded');
const first = (...readings: readonly Reading<string>[]): Reading<string> => firstAnswer(readings, (reading) => reading);

describe('firstAnswer', () => {
  it('takes the first that is there', () => expect(first(ABSENT, ok('new'), ok('old'))).toEqual(ok('new')));
  it('passes over a hidden place for one that answers', () => expect(first(HIDDEN, ok('old'))).toEqual(ok('old')));
  it('is hidden rather than absent when one place is hidden', () => expect(first(ABSENT, HIDDEN, ABSENT)).toEqual(HIDDEN));
  it('is absent when it is nowhere', () => expect(first(ABSENT, ABSENT)).toEqual(ABSENT));
});
