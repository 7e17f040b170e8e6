import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './vcpu-count.ts';

describe(rule.id, () => {
  it.each(['<vcpu>2</vcpu>', '<vcpu>8</vcpu>', "<vcpu placement='static' current='8'>8</vcpu>"])('passes with %s', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it.each(['', '<vcpu>1</vcpu>', "<vcpu current='1'>4</vcpu>"])('counts as major that Windows 11 has one vCPU: "%s"', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: expect.stringContaining('Setup wants two'),
    });
    expect(judgeOneDomain(rule, { body, os: 'win/10', gpu: false })).toMatchObject({ status: 'pass' });
  });

  it('passes when single vCPUs are chosen: that leaves out cores that the host does not have', () => {
    const body = "<vcpu current='2'>4</vcpu><vcpus><vcpu id='1' enabled='no'/><vcpu id='3' enabled='yes'/></vcpus>";
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass', message: '<vcpus> chooses 2 of 4 vCPUs' });
  });

  it.each([
    ['<vcpu>0</vcpu>', '"0" is no number of vCPUs'],
    ['<vcpu/>', '"" is no number of vCPUs'],
    ['<vcpu>-2</vcpu>', '"-2" is no number of vCPUs'],
    ['<vcpu>8 </vcpu>', '"8" is no number of vCPUs'],
    ["<vcpu current='9'>8</vcpu>", 'the guest cannot start with "9" of 8 vCPUs'],
    ["<vcpu current='0'>8</vcpu>", 'the guest cannot start with "0" of 8 vCPUs'],
    ["<vcpu current='two'>8</vcpu>", 'the guest cannot start with "two" of 8 vCPUs'],
  ])('blocks %s, which libvirt refuses', (body, message) => {
    const outcome = judgeOneDomain(rule, { body });
    expect(outcome).toMatchObject({ status: 'fail', message, evidence: [{ source: 'win11.xml:8' }] });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('mentions vCPUs that are plugged in later', () => {
    expect(judgeOneDomain(rule, { body: "<vcpu current='4'>8</vcpu>" })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'the guest starts with 4 of its 8 vCPUs',
      evidence: [{ observed: "current='4'" }],
    });
    expect(judgeOneDomain(rule, { body: "<vcpu current='4'>8</vcpu>", gpu: false })).toMatchObject({ status: 'pass' });
  });
});
