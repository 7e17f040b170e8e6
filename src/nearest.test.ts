import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { nearest } from './nearest.ts';

const IDS = ['preflight/iommu/enabled', 'preflight/vfio/driver-bound', 'preflight/vfio/modules'];

describe('nearest', () => {
  it.each([
    ['gpus', ['gpu', 'vms', 'ids'], 'gpu'],
    ['meida', ['media', 'phase'], 'media'],
    ['preflight/iommu/enabeld', IDS, 'preflight/iommu/enabled'],
    ['Preflight/vfio/module', IDS, 'preflight/vfio/modules'],
    ['lookingglass', ['lookingGlass'], 'lookingGlass'],
  ])('takes %s for a typing mistake', (word, words, meant) => expect(nearest(word, words)).toBe(meant));

  it('suggests nothing that is far away', () => expect(nearest('colour', ['gpu', 'vms', 'media'])).toBeUndefined());
  it('suggests nothing for a word of one letter that is not there', () => expect(nearest('x', ['phase'])).toBeUndefined());
  it('is not slowed down by a very long word', () => expect(nearest('a'.repeat(1_000_000), ['aaa'])).toBeUndefined());
  it('finds a word that is there', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1 }), (words) => {
        const [word = ''] = words;
        expect(nearest(word, words)?.toLowerCase()).toBe(word.toLowerCase());
      }),
    ));
});
