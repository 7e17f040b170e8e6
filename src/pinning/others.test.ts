import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { avoidedCpus, otherVm } from './others.ts';

const vm = (body: string): ReturnType<typeof otherVm> => otherVm(aDocument(aDefinition({ name: 'work', body })));

describe('otherVm', () => {
  it.each([
    ["<vcpu>2</vcpu><cputune><vcpupin vcpu='0' cpuset='4'/><vcpupin vcpu='1' cpuset='12'/></cputune>", [4, 12], true],
    ["<vcpu>2</vcpu><cputune><vcpupin vcpu='0' cpuset='4,12'/></cputune>", [4, 12], true],
    ["<vcpu cpuset='0-3'>2</vcpu>", [0, 1, 2, 3], true],
    ["<vcpu cpuset='0-15'>2</vcpu>", Array.from({ length: 16 }, (_, cpu) => cpu), false],
  ])('is where its vCPUs run: %s', (body, cpus, isFirm) => expect(vm(body)).toEqual({ domain: 'work', cpus, isFirm }));

  it.each(['<vcpu>2</vcpu>', '', "<vcpu>2</vcpu><cputune><vcpupin vcpu='0' cpuset='x'/></cputune>"])('is nowhere: %s', (body) =>
    expect(vm(body)).toBeNull(),
  );
});

describe('avoidedCpus', () => {
  it('are those of VMs that can go nowhere else, and those that are named', () => {
    const others = [
      { domain: 'a', cpus: [1, 2], isFirm: true },
      { domain: 'b', cpus: [3, 4], isFirm: false },
    ];
    expect([...avoidedCpus({ others, avoid: [9] })]).toEqual([9, 1, 2]);
  });
});
