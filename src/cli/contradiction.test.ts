import { describe, expect, it } from 'vitest';

import { aReport, aResult, NO_GO_REPORT } from '../../test/report.ts';
import type { Report } from '../report/model.ts';
import { contradiction } from './contradiction.ts';

const GOOD = aReport({ results: [aResult()] });

type Phase = NonNullable<Report['phase']>;

function withPhase(
  verdict: Report['verdict'],
  phaseVerdict: Phase['verdict'],
  ...states: readonly Phase['criteria'][number]['state'][]
): Report {
  const criteria = states.map((state, index) => ({
    id: `c${index}`,
    group: 'one',
    text: 'It works',
    state,
    by: [],
    message: '',
    next: null,
  }));
  return { ...GOOD, verdict, phase: { id: 'own', title: 'Own', source: 'own.yaml', verdict: phaseVerdict, criteria, documents: [] } };
}

describe('a stored report that says something against itself', () => {
  it('is not one that passcheck wrote', () => {
    expect(contradiction(GOOD)).toBeNull();
    expect(contradiction(NO_GO_REPORT)).toBeNull();
    expect(contradiction(withPhase('GO', 'GO', 'met'))).toBeNull();
    expect(contradiction(withPhase('NO-GO', 'NO-GO', 'met', 'failed'))).toBeNull();
  });

  it('says GO over a blocker', () => {
    expect(contradiction({ ...NO_GO_REPORT, verdict: 'GO' })).toBe('it says GO, and its results say NO-GO');
  });

  it('may be worse than its results: those that were put together are', () => {
    expect(contradiction({ ...GOOD, verdict: 'INCONCLUSIVE' })).toBeNull();
  });

  it('counts what it does not hold', () => {
    expect(contradiction({ ...GOOD, counts: { ...GOOD.counts, error: 7 } })).toBe('it counts 7 results as "error", and holds 0');
  });

  it('has a phase that its criteria do not bear, or that is worse than the whole', () => {
    expect(contradiction(withPhase('GO', 'GO', 'met', 'not-measured'))).toBe('its phase says GO, and the criteria say INCONCLUSIVE');
    expect(contradiction(withPhase('GO', 'NO-GO', 'failed'))).toBe('it says GO, and its phase says NO-GO');
  });
});
