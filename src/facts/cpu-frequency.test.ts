import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { memoryHost } from '../host/memory.ts';
import { unreadable } from '../host/reading.ts';
import { cpuFrequency } from './cpu-frequency.ts';
import { FactError } from './fact-error.ts';

const FOLDER = '/sys/devices/system/cpu/cpufreq';
const POLICY = {
  scaling_driver: 'intel_pstate\n',
  scaling_governor: 'powersave\n',
  energy_performance_preference: 'balance_performance\n',
};

function policy(number: number, values: Readonly<Record<string, string>> = POLICY): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${FOLDER}/policy${number}/${name}`, value]));
}

describe('cpuFrequency', () => {
  it('reads driver, governors and energy preferences, sorted by number', async () => {
    const files = { ...policy(10), ...policy(2, { ...POLICY, scaling_governor: 'performance' }) };
    expect(await valueOf(cpuFrequency, { files })).toEqual({
      driver: 'intel_pstate',
      policies: [
        { name: 'policy2', governor: 'performance', energyPreference: 'balance_performance' },
        { name: 'policy10', governor: 'powersave', energyPreference: 'balance_performance' },
      ],
    });
  });

  it('knows no energy preference where the driver has none', async () => {
    const files = policy(0, { scaling_driver: 'acpi-cpufreq\n', scaling_governor: 'ondemand\n' });
    expect(await valueOf(cpuFrequency, { files })).toEqual({
      driver: 'acpi-cpufreq',
      policies: [{ name: 'policy0', governor: 'ondemand', energyPreference: null }],
    });
  });

  it('has nothing in a virtual machine, whose folder is empty', async () => {
    expect(await valueOf(cpuFrequency, { folders: [FOLDER] })).toEqual({ driver: null, policies: [] });
  });

  it('does not take a kernel before 4.3, which keeps it in the CPU’s folder, for one without', async () => {
    const folder = '/sys/devices/system/cpu/cpu0/cpufreq';
    const attempt = await collect(cpuFrequency, { files: { [`${folder}/scaling_governor`]: 'powersave\n' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: folder } });
  });

  it('leaves out the policy of a CPU that is offline, which answers EBUSY', () => {
    const host = memoryHost({ files: { ...policy(0), ...policy(1) } });
    const busy: typeof host = {
      ...host,
      read: (path, limit) => (path === `${FOLDER}/policy1/scaling_governor` ? unreadable('failed', 'EBUSY') : host.read(path, limit)),
    };
    expect(cpuFrequency.collect(busy, {}, { config: {} as never })).toMatchObject({ policies: [{ name: 'policy0' }] });
  });

  it('is an error when a governor was not recorded', async () => {
    const path = `${FOLDER}/policy0/scaling_governor`;
    const attempt = await collect(cpuFrequency, { files: policy(0), unreadable: { [path]: 'not-recorded' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: path } });
  });

  it('gives a value or a typed error for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (name, text) => {
        const attempt = await collect(cpuFrequency, {
          files: { ...policy(0, { scaling_driver: text, scaling_governor: text }), [`${FOLDER}/${name}/x`]: text },
        });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});
