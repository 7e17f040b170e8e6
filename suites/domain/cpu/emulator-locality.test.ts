import { describe, expect, it } from 'vitest';

import { anIsolation, pinned } from '../../../test/cpu-facts.ts';
import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aTopology, desktop } from '../../../test/topologies.ts';
import { known } from '../../../test/facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import rule from './emulator-locality.ts';

/** Cores 0-3 on node 0, 4-7 on node 1, siblings n+8. */
const TWO = aTopology([{ cores: 4 }, { cores: 4, node: 1 }]);

function judge(body: string, cpuTopology = TWO, isolated: readonly number[] = []): Outcome {
  return judgeOneDomain(rule, { body }, { cpuTopology, cpuIsolation: known(anIsolation({ isolated })) });
}

describe(rule.id, () => {
  it('passes on other cores of the same node', () => {
    expect(judge(pinned([2, 10], "<emulatorpin cpuset='0-1,8-9'/>"))).toMatchObject({ status: 'pass' });
    expect(judge(pinned([2, 10], "<emulatorpin cpuset='1,4'/>"))).toMatchObject({ status: 'pass' });
  });

  it('fails beside a vCPU on its core', () => {
    expect(judge(pinned([2, 3], "<emulatorpin cpuset='10'/>"))).toMatchObject({
      status: 'fail',
      message: 'CPU 10 of <emulatorpin> is a thread of a core that has a vCPU',
      evidence: [
        { source: 'win11.xml:12', observed: "cpuset='10'" },
        { source: '/sys/devices/system/cpu/cpu2/topology/core_cpus_list', observed: '2,10' },
      ],
    });
    const body = `<iothreads>1</iothreads>\n  ${pinned([2, 3], "<iothreadpin iothread='1' cpuset='1,10-11'/>")}`;
    expect(judge(body)).toMatchObject({ status: 'fail', message: 'CPUs 10-11 of <iothreadpin> are threads of cores that have vCPUs' });
  });

  it('does not ask for a core of its own where every core has vCPUs', () => {
    expect(judge(pinned([0, 1], "<emulatorpin cpuset='2-3'/>"), desktop(2))).toMatchObject({ status: 'pass' });
  });

  it('fails on another node, unless the own one has no room', () => {
    expect(judge(pinned([2, 10], "<emulatorpin cpuset='4'/>"))).toMatchObject({
      status: 'fail',
      message: '<emulatorpin> is on node 1, the vCPUs are on node 0',
    });
    expect(judge(pinned([4, 5, 6, 7], "<emulatorpin cpuset='0'/>"))).toMatchObject({ status: 'pass' });
    expect(judge(pinned([4, 12], "<emulatorpin cpuset='0'/>"), TWO, [4, 5, 6, 7, 12, 13, 14, 15])).toMatchObject({ status: 'pass' });
  });

  it('leaves CPUs of vCPUs to other rules, and those that there are not', () => {
    expect(judge(pinned([2, 10], "<emulatorpin cpuset='2'/>"))).toMatchObject({ status: 'pass' });
    expect(judge(pinned([2, 10], "<emulatorpin cpuset='99'/>"))).toMatchObject({ status: 'not-applicable' });
  });

  it('is not applicable where nothing is pinned, and without a device', () => {
    expect(judge(pinned([2, 10]))).toMatchObject({ status: 'not-applicable', message: 'none of QEMU’s own threads is pinned' });
    expect(judge("<vcpu>2</vcpu><cputune><emulatorpin cpuset='1'/></cputune>")).toMatchObject({ status: 'not-applicable' });
    const facts = { cpuTopology: TWO, cpuIsolation: known(anIsolation()) };
    expect(judgeOneDomain(rule, { body: pinned([2], "<emulatorpin cpuset='10'/>"), gpu: false }, facts)).toMatchObject({
      status: 'not-applicable',
    });
  });
});
