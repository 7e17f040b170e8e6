import { describe, expect, it } from 'vitest';

import { pinned } from '../../test/cpu-facts.ts';
import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { hasOwnCpus } from './cpu-pins.ts';

describe('hasOwnCpus', () => {
  it.each([
    [['2', '3'], true],
    [['2', '2'], false],
    [['2-3', '2-3'], false],
    [['2', ''], false],
  ])('%j: %s', (cpus, expected) => {
    expect(hasOwnCpus(aDocument(aDefinition({ body: pinned(cpus) })))).toBe(expected);
  });

  it('is about every vCPU', () => {
    expect(hasOwnCpus(aDocument(aDefinition({ body: "<vcpu>2</vcpu><cputune><vcpupin vcpu='0' cpuset='2'/></cputune>" })))).toBe(false);
    expect(hasOwnCpus(aDocument(aDefinition({ body: '<vcpu>2</vcpu>' })))).toBe(false);
  });
});
