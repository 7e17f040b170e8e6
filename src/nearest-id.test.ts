import { describe, expect, it } from 'vitest';

import { nearestId } from './nearest-id.ts';

const IDS = ['preflight/cpu/governor', 'preflight/memory/hugepages', 'preflight/kvm/device', 'preflight/tpm/device'];

describe('the id that was meant', () => {
  it.each([
    ['preflight/cpu/governer', 'preflight/cpu/governor'],
    ['cpu/governor', 'preflight/cpu/governor'],
    ['governor', 'preflight/cpu/governor'],
    ['hugepage', 'preflight/memory/hugepages'],
    ['ram/hugepages', 'preflight/memory/hugepages'],
    ['kvm/device', 'preflight/kvm/device'],
    ['device', undefined],
    ['nonsense', undefined],
  ])('of %s is %s', (wanted, id) => {
    expect(nearestId(wanted, IDS)).toBe(id);
  });
});
