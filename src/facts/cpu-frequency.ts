import type { Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { optional, optionalList, readAttribute, required } from './read.ts';

/** How the clock of one CPU, or of CPUs that share one, is chosen. */
export interface FrequencyPolicy {
  /** `policy0`: the number is that of its first CPU. */
  readonly name: string;
  readonly governor: string;
  /** A word (`balance_performance`) or a number from 0 (fast) to 255 (thrifty); null where the CPU does not choose its clock itself. */
  readonly energyPreference: string | null;
}

export interface CpuFrequency {
  /** `intel_pstate`, `amd-pstate-epp`, `acpi-cpufreq` …: the kernel has one at a time. Null when there is none, as in most VMs. */
  readonly driver: string | null;
  /** Sorted by number; none without a driver. */
  readonly policies: readonly FrequencyPolicy[];
}

export const CPUFREQ_FOLDER = '/sys/devices/system/cpu/cpufreq';

/** Driver, governor and energy preference of every CPU that is online. https://docs.kernel.org/admin-guide/pm/cpufreq.html */
export const cpuFrequency = defineFact({
  id: 'cpuFrequency',
  collect(host): CpuFrequency {
    const names = optionalList(host, CPUFREQ_FOLDER)
      .filter((name) => /^policy\d{1,5}$/.test(name))
      .toSorted((a, b) => Number(a.slice(6)) - Number(b.slice(6)));
    // Whether there is a preference is a matter of the driver: where the first has none, the other 255 are not asked.
    let hasPreference = true;
    const policies = names.flatMap((name) => {
      const policy = readPolicy(host, name, hasPreference);
      hasPreference = policy === null ? hasPreference : policy.energyPreference !== null;
      return policy ?? [];
    });
    const [first] = policies;
    if (first === undefined) return withoutPolicies(host);
    const source = `${CPUFREQ_FOLDER}/${first.name}/scaling_driver`;
    return { driver: required(source, readAttribute(host, source)), policies };
  },
});

/** Kernels before 4.3 have no policies, but a folder in each CPU: then there is a clock to choose, and it is not judged. */
function withoutPolicies(host: HostSource): CpuFrequency {
  const source = '/sys/devices/system/cpu/cpu0/cpufreq';
  if (optional(source, host.stat(source)) === null) return { driver: null, policies: [] };
  throw new FactError({ source, reason: 'only older kernels keep it here', hint: 'look at scaling_governor in it by hand' });
}

/** Null for the policy of CPUs that are offline. */
function readPolicy(host: HostSource, name: string, hasPreference: boolean): FrequencyPolicy | null {
  const folder = `${CPUFREQ_FOLDER}/${name}`;
  const governor = readAttribute(host, `${folder}/scaling_governor`);
  if (governor.state === 'absent' || isOffline(governor)) return null;
  const preference = `${folder}/energy_performance_preference`;
  return {
    name,
    governor: required(`${folder}/scaling_governor`, governor),
    energyPreference: hasPreference ? optional(preference, readAttribute(host, preference)) : null,
  };
}

/** The kernel answers EBUSY for a policy none of whose CPUs is online. */
function isOffline(reading: Reading<string>): boolean {
  return reading.state === 'unreadable' && reading.detail === 'EBUSY';
}
