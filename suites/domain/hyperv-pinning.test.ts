import { describe, expect, it } from 'vitest';

import { hasOwnCpus } from './hyperv-pinning.ts';

const pins = (...cpus: string[]) => ({ vcpus: 2, vcpuPins: cpus.map((set, vcpu) => ({ vcpu, cpus: set })) });

describe('hasOwnCpus', () => {
  it.each([
    [['2', '3'], true],
    [['2'], false],
    [['2', '2'], false],
    [['2-3', '2-3'], false],
    [['2', ''], false],
    [[], false],
  ])('%j: %s', (cpus, expected) => {
    expect(hasOwnCpus(pins(...cpus))).toBe(expected);
  });
});
