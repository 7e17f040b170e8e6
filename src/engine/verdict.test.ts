import { describe, expect, it } from 'vitest';

import type { Result } from '../report/model.ts';
import { verdictOf } from './verdict.ts';

const result = (severity: Result['severity'], status: Result['status']) => ({ severity, status });

describe('verdictOf', () => {
  it('is NO-GO when a blocker failed, whatever else there is', () => {
    expect(verdictOf([result('blocker', 'fail'), result('blocker', 'error'), result('blocker', 'pass')], false)).toBe('NO-GO');
  });

  it('is INCONCLUSIVE when a blocker could not be looked at or was left out', () => {
    expect(verdictOf([result('blocker', 'error'), result('blocker', 'pass')], false)).toBe('INCONCLUSIVE');
    expect(verdictOf([result('blocker', 'skipped'), result('blocker', 'pass')], false)).toBe('INCONCLUSIVE');
  });

  it('is GO with failures that are no blockers, unless strict', () => {
    const results = [result('blocker', 'pass'), result('major', 'fail'), result('minor', 'error')];
    expect(verdictOf(results, false)).toBe('GO');
    expect(verdictOf(results, true)).toBe('NO-GO');
    expect(verdictOf([result('blocker', 'pass'), result('major', 'error')], true)).toBe('INCONCLUSIVE');
  });

  it('is never GO when nothing was judged', () => {
    expect(verdictOf([], false)).toBe('INCONCLUSIVE');
    expect(verdictOf([result('blocker', 'not-applicable'), result('minor', 'error')], false)).toBe('INCONCLUSIVE');
  });
});
