import { describe, expect, it } from 'vitest';

import { aDomain, DEBIAN } from '../../../test/facts.ts';
import { someJudgedDomains } from '../../../test/host-facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { Domain } from '../../../src/domain/model.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { CpuIsolation } from '../../../src/facts/cpu-isolation.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import check from './isolation.ts';

const ISOLATED = '/sys/devices/system/cpu/isolated';
const NOTHING: CpuIsolation = {
  online: [0, 1, 2, 3, 4, 5, 6, 7],
  isolated: [],
  isolatedCores: [],
  asked: [],
  tickless: [],
  withoutRcuCallbacks: [],
  interruptCpus: [],
  hostPrograms: ABSENT,
  hasHook: ok(false),
};

function pinnedTo(...cpus: readonly string[]): Partial<Domain> {
  return { vcpuPins: cpus.map((list, vcpu) => ({ vcpu, cpus: list })) };
}

function judge(domain: Partial<Domain> | null, given: Partial<CpuIsolation> = {}, state = 'shut off'): Outcome {
  const outcome = check.evaluate({
    // Threads n and n+4 are one core.
    cpuIsolation: { ...NOTHING, isolatedCores: (given.isolated ?? []).map((cpu) => [cpu % 4, (cpu % 4) + 4]), ...given },
    judgedDomains: someJudgedDomains(domain === null ? [] : [{ definition: aDomain(domain), state }]),
    platform: { ok: true, value: DEBIAN },
  });
  if (!('status' in outcome)) throw new TypeError('one outcome expected');
  return outcome;
}

describe(check.id, () => {
  it('is not applicable without a VM, or when nothing is pinned', () => {
    expect(judge(null, { isolated: [2] })).toMatchObject({ status: 'not-applicable' });
    expect(judge({})).toMatchObject({ status: 'not-applicable' });
  });

  it('passes when exactly the pinned CPUs are isolated', () => {
    expect(judge(pinnedTo('2', '6'), { isolated: [2, 6] })).toMatchObject({
      status: 'pass',
      evidence: [{ source: ISOLATED, observed: '2,6' }, { observed: 'vCPUs pinned to 2,6' }],
    });
  });

  it('passes when the host’s programs are confined to other CPUs', () => {
    expect(judge(pinnedTo('2', '3'), { hostPrograms: ok([0, 1]) })).toMatchObject({
      status: 'pass',
      evidence: [{ source: expect.stringContaining('/sys/fs/cgroup'), observed: '0-1' }, {}],
    });
  });

  it('fails when one of the confined CPUs is pinned', () => {
    expect(judge(pinnedTo('1', '3'), { hostPrograms: ok([0, 1]) })).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/: 1$/),
    });
  });

  it('fails when nothing keeps the host away, and says what would', () => {
    expect(judge(pinnedTo('2', '3'))).toMatchObject({
      status: 'fail',
      evidence: [{ source: ISOLATED, observed: 'no CPU' }, { observed: 'not set' }, {}],
      remedy: { steps: [{ run: 'systemctl set-property system.slice AllowedCPUs=0-1,4-7' }, {}, {}] },
    });
  });

  it('could not look when a hook may isolate at the start; while the VM runs it can', () => {
    expect(judge(pinnedTo('2'), { hasHook: ok(true) })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/etc/libvirt/hooks/qemu' }],
    });
    expect(judge(pinnedTo('2'), { hasHook: unreadable('denied', 'permission denied') })).toMatchObject({ status: 'unknown' });
    expect(judge(pinnedTo('2'), { hasHook: ok(true) }, 'running')).toMatchObject({ status: 'fail' });
  });

  it('could not look when cgroups are hidden, or a pin is not understood', () => {
    expect(judge(pinnedTo('2'), { hostPrograms: unreadable('not-recorded', 'not recorded') })).toMatchObject({ status: 'unknown' });
    expect(judge(pinnedTo('rubbish'))).toMatchObject({ status: 'unknown', evidence: [{ source: 'virsh dumpxml --inactive win11' }] });
  });

  it('fails when CPU 0 is isolated', () => {
    expect(judge(pinnedTo('0', '4'), { isolated: [0, 4] })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('CPU 0'),
      evidence: [{ source: ISOLATED }, {}],
    });
  });

  it('fails when pinned CPUs are not isolated', () => {
    expect(judge(pinnedTo('2', '3'), { isolated: [2] })).toMatchObject({
      status: 'fail',
      message: 'vCPUs are pinned to CPUs that are not isolated: 3',
      remedy: { summary: 'Isolate exactly the CPUs 2-3' },
    });
  });

  it('fails when a vCPU floats over isolated CPUs, where it stays on the first', () => {
    expect(judge(pinnedTo('2-3', '2-3'), { isolated: [2, 3] })).toMatchObject({
      status: 'fail',
      remedy: { summary: expect.stringContaining('one CPU') },
    });
  });

  it('fails when isolated CPUs lie idle', () => {
    expect(judge(pinnedTo('2'), { isolated: [2, 3] })).toMatchObject({
      status: 'fail',
      message: 'isolated CPUs that no judged VM is pinned to: 3',
    });
    expect(judge({}, { isolated: [2, 3] })).toMatchObject({
      status: 'fail',
      remedy: { summary: 'Pin vCPUs to the isolated CPUs, or isolate none' },
    });
  });

  it('accepts the idle thread of a pinned core, and the emulator’s CPUs', () => {
    expect(judge(pinnedTo('2'), { isolated: [2, 6] })).toMatchObject({ status: 'pass' });
    expect(judge({ ...pinnedTo('2'), emulatorPin: '3' }, { isolated: [2, 3] })).toMatchObject({ status: 'pass' });
  });

  it('leaves the host a CPU in its advice', () => {
    expect(judge(pinnedTo('0-7'))).toMatchObject({ remedy: { summary: expect.stringContaining('at least one core') } });
  });

  it('is an error when the kernel’s list was not recorded', async () => {
    const host = { files: { '/proc/cmdline': '' }, unreadable: { [ISOLATED]: 'not-recorded' } } as const;
    expect(await judgeOne(check, host)).toMatchObject({ status: 'error', evidence: [{ source: ISOLATED }] });
  });
});
