import { describe, expect, it } from 'vitest';

import { aPinRequest, aTopology, desktop, X3D } from '../../test/topologies.ts';
import { formatCpuList } from '../facts/cpu-list.ts';
import type { CpuTopology } from '../facts/cpu-topology.ts';
import type { PinPlan, PinRequest, Refusal } from './model.ts';
import { planPins } from './plan.ts';

function planOf(topology: CpuTopology, given: Partial<PinRequest>): PinPlan {
  const answer = planPins(aPinRequest(topology, given));
  if ('refusal' in answer) throw new Error(answer.refusal.reason);
  return answer.plan;
}

function refusalOf(topology: CpuTopology, given: Partial<PinRequest>): Refusal {
  const answer = planPins(aPinRequest(topology, given));
  if ('plan' in answer) throw new Error('there is a plan');
  return answer.refusal;
}

const guestOf = (plan: PinPlan): string => formatCpuList(plan.vcpus);

describe('a VM beside others', () => {
  const CCD = [8, 9, 10, 11, 12, 13, 14, 15].flatMap((cpu) => [cpu, cpu + 16]);

  it('gets the die that they leave', () => {
    const two = aTopology([{ cores: 8 }, { cores: 8 }]);
    expect(guestOf(planOf(two, { vcpus: 8 }))).toBe('12-15,28-31');
    expect(guestOf(planOf(two, { vcpus: 8, others: [{ domain: 'work', cpus: CCD, isFirm: true }] }))).toBe('4-7,20-23');
    expect(guestOf(planOf(two, { vcpus: 8, avoid: [15] }))).toBe('11-14,27-30');
  });

  it('moves away from no VM that may run anywhere', () => {
    const others = [{ domain: 'work', cpus: desktop(8).online, isFirm: false }];
    const plan = planOf(desktop(8), { vcpus: 4, others });
    expect(guestOf(plan)).toBe('6-7,14-15');
    expect(plan.notes.join(' ')).toContain('run them at different times');
  });

  it('is refused with their names where they leave too little', () => {
    const others = [{ domain: 'win10', cpus: CCD, isFirm: true }];
    const refusal = refusalOf(X3D, { vcpus: 16, others });
    expect(refusal.reason).toContain('16 vCPUs do not fit beside what is taken: win10 is pinned to CPUs 8-15,24-31');
    expect(refusal.instead).toBe('--vcpus 12 fits, or give another VM fewer CPUs first');
    expect(refusalOf(desktop(4), { avoid: [1, 2, 3] }).reason).toContain(
      'no core is left for a VM beside what is taken: --avoid names CPUs 1-3',
    );
  });
});
