import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { fit } from './fit.ts';
import { textWidth } from './wrap.ts';

it('a text that fits stays as it is, up to the last column', () => {
  expect(fit('vfio-pci', 8)).toBe('vfio-pci');
  expect(fit('vfio-pci', 7)).toBe('vfio-p…');
});

it('wide characters count twice, and none is cut in two', () => {
  expect(fit('漢字漢字', 8)).toBe('漢字漢字');
  expect(fit('漢字漢字', 7)).toBe('漢字漢…');
  expect(fit('👾👾👾', 4)).toBe('👾…');
});

it('what hides or reorders text is shown, and counts', () => {
  expect(fit('a\u202eb', 8)).toBe('a\\u202eb');
  expect(fit('a\u202eb', 5)).toBe('a\\u2…');
});

it('is one line, never wider than its columns', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 2, max: 60 }), (text, columns) => {
      const fitted = fit(text, columns);
      expect(textWidth(fitted)).toBeLessThanOrEqual(columns);
      expect(fitted).not.toMatch(/[\n\r]/);
    }),
  );
});
