import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { aDefinition, aDocument, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { desktop } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import rule from './vcpupin-all.ts';

const NO_HOST = { cpuTopology: NO_HOST_FACT };

describe(rule.id, () => {
  it.each([
    pinned([2, 3]),
    "<vcpu cpuset='2-5'>4</vcpu>",
    // The vCPUs that it does not start with need none.
    "<vcpu current='1'>2</vcpu><cputune><vcpupin vcpu='0' cpuset='2'/></cputune>",
  ])('passes with %s', (body) => expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'pass' }));

  it('fails when none is pinned, and names the planner', () => {
    expect(judgeOneDomain(rule, { body: '<vcpu>4</vcpu>' }, NO_HOST)).toMatchObject({
      status: 'fail',
      message: 'no vCPU is pinned',
      evidence: [{ source: 'win11.xml:8', expected: '<vcpupin> for vCPUs 0-3' }],
      remedy: { steps: [{ run: 'passcheck pins --into win11.xml' }] },
    });
  });

  it('fails when some are not', () => {
    const body = "<vcpu>4</vcpu><cputune><vcpupin vcpu='1' cpuset='2'/></cputune>";
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({ status: 'fail', message: 'not pinned: vCPUs 0,2-3' });
  });

  it.each([
    ['my vm', true, "'my vm'"],
    ['win#11', true, "'win#11'"],
    ['node.xml#win11', false, 'node.xml'],
    ['<stdin>', false, '-'],
  ])('plans what was given: %s', (label, isDefined, word) => {
    const document = { ...aDocument(aDefinition({ body: '<vcpu>2</vcpu>' }), { label }), isDefined };
    expect(judgeOneDomain(rule, document, NO_HOST)).toMatchObject({ remedy: { steps: [{ run: `passcheck pins --into ${word}` }] } });
  });

  it('mentions pins of vCPUs that there are not', () => {
    const body = "<vcpu>1</vcpu><cputune><vcpupin vcpu='0' cpuset='2'/><vcpupin vcpu='1' cpuset='3'/></cputune>";
    expect(judgeOneDomain(rule, { body }, NO_HOST)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: 'vCPU 1 is pinned, but the guest has 1 vCPUs: libvirt ignores the pin',
    });
  });

  it('is not applicable where there is nothing to choose', () => {
    const outcomes = [
      judgeOneDomain(rule, { body: '<vcpu>16</vcpu>' }, { cpuTopology: known(desktop(8)) }),
      judgeOneDomain(rule, { body: "<vcpu placement='auto'>4</vcpu>" }, NO_HOST),
      judgeOneDomain(rule, { body: '<vcpu>x</vcpu>' }, NO_HOST),
      judgeOneDomain(rule, { body: '<vcpu>4</vcpu>', gpu: false }, NO_HOST),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'not-applicable'));
  });

  it('is minor for slices of a GPU alone', () => {
    const slice =
      "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address uuid='4b20d080-1b54-4048-85b3-a6a62d165c01'/></source></hostdev>";
    expect(judgeOneDomain(rule, { body: '<vcpu>4</vcpu>', gpu: false, devices: slice }, NO_HOST)).toMatchObject({ severity: 'minor' });
    expect(judgeOneDomain(rule, { body: '<vcpu>4</vcpu>', devices: slice }, NO_HOST)).not.toHaveProperty('severity');
  });
});
