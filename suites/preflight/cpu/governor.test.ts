import { describe, expect, it } from 'vitest';

import { DEBIAN } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { FrequencyPolicy } from '../../../src/facts/cpu-frequency.ts';
import check from './governor.ts';

function judge(driver: string | null, ...policies: readonly (readonly [governor: string, preference: string | null])[]): Outcome {
  const all = policies.map(([governor, energyPreference], index): FrequencyPolicy => ({
    name: `policy${index}`,
    governor,
    energyPreference,
  }));
  const outcome = check.evaluate({ cpuFrequency: { driver, policies: all }, platform: { ok: true, value: DEBIAN } });
  if (!('status' in outcome)) throw new TypeError('one outcome expected');
  return outcome;
}

describe(check.id, () => {
  it.each([
    ['intel_pstate', 'powersave', 'balance_performance'],
    ['intel_pstate', 'powersave', 'default'],
    ['intel_pstate', 'powersave', '128'],
    ['intel_pstate', 'powersave', null],
    ['intel_pstate', 'performance', 'power'],
    ['amd-pstate-epp', 'powersave', 'performance'],
    ['amd-pstate', 'schedutil', null],
    ['acpi-cpufreq', 'ondemand', null],
    ['intel_cpufreq', 'performance', null],
  ])('passes with %s %s (%s)', (driver, governor, preference) => {
    expect(judge(driver, [governor, preference])).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/sys/devices/system/cpu/cpufreq/policy0' }],
    });
  });

  it.each([
    ['intel_pstate', 'powersave', 'power'],
    ['amd-pstate-epp', 'powersave', 'balance_power'],
    ['intel_pstate', 'powersave', '129'],
    ['acpi-cpufreq', 'powersave', null],
    ['intel_cpufreq', 'powersave', null],
    ['acpi-cpufreq', 'conservative', null],
    ['amd-pstate', 'userspace', null],
  ])('fails with %s %s (%s)', (driver, governor, preference) => {
    expect(judge(driver, [governor, preference])).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/sys/devices/system/cpu/cpufreq/policy0', observed: expect.stringContaining(governor) }],
    });
  });

  it('finds the one slow CPU among fast ones', () => {
    expect(judge('acpi-cpufreq', ['performance', null], ['powersave', null])).toMatchObject({
      status: 'fail',
      message: 'acpi-cpufreq powersave holds the clock of 1 of 2 CPU policies down',
      evidence: [{ source: '/sys/devices/system/cpu/cpufreq/policy1' }],
    });
  });

  it('advises the governor where the kernel chooses, the energy preference where the CPU does', () => {
    expect(judge('acpi-cpufreq', ['powersave', null])).toMatchObject({
      remedy: { summary: expect.stringContaining('scaling_governor to performance') },
    });
    expect(judge('intel_pstate', ['powersave', 'power'])).toMatchObject({
      remedy: { summary: expect.stringContaining('energy_performance_preference to balance_performance') },
    });
  });

  it('is not applicable in a virtual machine without cpufreq', () => {
    expect(judge(null)).toMatchObject({ status: 'not-applicable' });
  });

  it('is an error when the folder was not recorded', async () => {
    const host = { unreadable: { '/sys/devices/system/cpu/cpufreq': 'not-recorded' } } as const;
    expect(await judgeOne(check, host)).toMatchObject({ status: 'error', evidence: [{ source: '/sys/devices/system/cpu/cpufreq' }] });
  });
});
