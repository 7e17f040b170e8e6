import { describe, expect, it } from 'vitest';

import { resetBugFamily } from './reset-bugs.ts';

describe('resetBugFamily', () => {
  it('knows the families of AMD that do not come back', () => {
    const ids = ['67df', '687f', '66af', '731f', '7340', '1638'];
    expect(ids.map((device) => resetBugFamily({ vendor: '1002', device }))).toEqual([
      'Polaris 10',
      'Vega 10',
      'Vega 20',
      'Navi 10',
      'Navi 14',
      'integrated Radeon',
    ]);
  });

  it('does not know newer cards, nor the same number of another vendor', () => {
    expect(resetBugFamily({ vendor: '1002', device: '73bf' })).toBeNull();
    expect(resetBugFamily({ vendor: '10de', device: '67df' })).toBeNull();
  });
});
