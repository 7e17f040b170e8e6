import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { idsOf } from './pattern.ts';

const IDS = ['domain/cpu/mode', 'preflight/iommu/enabled', 'preflight/iommu/group-isolated', 'preflight/vfio/modules'];

describe('idsOf', () => {
  it.each([
    ['preflight/iommu/enabled', ['preflight/iommu/enabled']],
    ['preflight/iommu/*', ['preflight/iommu/enabled', 'preflight/iommu/group-isolated']],
    ['preflight/*/*ed', ['preflight/iommu/enabled', 'preflight/iommu/group-isolated']],
    ['*/*/mod*', ['domain/cpu/mode', 'preflight/vfio/modules']],
    ['preflight/iommu/*group*', ['preflight/iommu/group-isolated']],
    ['preflight/*', []],
    ['iommu/enabled', []],
    ['preflight/iommu/enab', []],
    ['*', []],
    ['preflight/iommu/enabled*enabled', []],
    ['', []],
  ])('%s', (pattern, ids) => expect(idsOf(pattern, IDS)).toEqual(ids));

  it('agrees with an expression for any pattern', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
    const pattern = fc.tuple(part, part).map((parts) => parts.join('/'));
    const id = fc.tuple(part, part).map((parts) => parts.join('/').replaceAll('*', 'a'));
    fc.assert(
      fc.property(pattern, id, (wanted, given) => {
        const expression = new RegExp(`^${wanted.replaceAll(/\*+/g, '[^/]*')}$`);
        expect(idsOf(wanted, [given])).toEqual(expression.test(given) ? [given] : []);
      }),
    );
  });

  it('matches very many stars without going back for each', () => {
    expect(idsOf(`a/${'*a'.repeat(5000)}*b`, [`a/${'a'.repeat(4000)}`])).toEqual([]);
  });
});
