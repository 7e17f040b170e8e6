import { describe, expect, it } from 'vitest';

import { type Entry, matcher } from './filter.ts';

const ENTRY: Entry = { text: 'blocker the iommu is off preflight/iommu/enabled', severity: 'blocker', status: 'fail' };
const ALL = { text: '', severity: '', status: '' };

describe('what the filter shows', () => {
  it('is everything when nothing is looked for', () => {
    expect(matcher(ALL)(ENTRY)).toBe(true);
  });

  it('holds every word that is looked for, in any order and any case', () => {
    expect(matcher({ ...ALL, text: ' OFF  iommu ' })(ENTRY)).toBe(true);
    expect(matcher({ ...ALL, text: 'iommu on-board' })(ENTRY)).toBe(false);
  });

  it('is of the severity and the status that are looked for', () => {
    expect(matcher({ ...ALL, severity: 'blocker', status: 'fail' })(ENTRY)).toBe(true);
    expect(matcher({ ...ALL, severity: 'major' })(ENTRY)).toBe(false);
    expect(matcher({ ...ALL, status: 'pass' })(ENTRY)).toBe(false);
  });
});
