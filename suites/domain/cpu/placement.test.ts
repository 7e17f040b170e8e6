import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './placement.ts';

describe(rule.id, () => {
  it.each(['', '<vcpu>8</vcpu>', "<vcpu placement='static'>8</vcpu>"])('passes with "%s"', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it('fails when numad chooses, and leaves the choice to the planner', () => {
    const outcome = judgeOneDomain(rule, { body: "<vcpu placement='auto' cpuset='2-3'>2</vcpu>" });
    expect(outcome).toMatchObject({
      status: 'fail',
      evidence: [{ source: 'win11.xml:8', observed: "placement='auto'" }],
      remedy: { steps: [{ run: 'passcheck pins --into win11.xml' }] },
    });
    expect(outcome).not.toHaveProperty('edits');
  });

  it('mends it where all vCPUs are pinned', () => {
    const body = "<vcpu placement='auto'>1</vcpu><cputune><vcpupin vcpu='0' cpuset='2'/></cputune>";
    expect(fixed(rule, { body })).toContain("<vcpu placement='static'>1</vcpu>");
  });

  it('judges only domains that are given a device', () => {
    expect(judgeOneDomain(rule, { body: "<vcpu placement='auto'>2</vcpu>", gpu: false })).toMatchObject({ status: 'not-applicable' });
  });
});
