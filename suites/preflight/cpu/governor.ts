import { defineCheck } from '../../../src/engine/check.ts';
import { type Evidence, fail, notApplicable, pass } from '../../../src/engine/outcome.ts';
import { CPUFREQ_FOLDER, type FrequencyPolicy } from '../../../src/facts/cpu-frequency.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';

export default defineCheck({
  id: 'preflight/cpu/governor',
  title: 'The CPU clock follows the load',
  severity: 'minor',
  needs: ['cpuFrequency'],
  wants: ['platform'],
  why: 'A clock that is held down, or follows slowly, shows as stutter in games: the host does not see how urgent the guest’s work is.',
  sources: ['https://docs.kernel.org/admin-guide/pm/intel_pstate.html', 'https://docs.kernel.org/admin-guide/pm/amd-pstate.html'],
  evaluate({ cpuFrequency: { driver, policies }, platform }) {
    if (driver === null) return notApplicable('the kernel does not choose the CPU clock here (a virtual machine, or the firmware does it)');
    const slow = policies.filter((policy) => isSlow(driver, policy));
    const [first] = slow;
    if (first === undefined) return pass(...evidenceOf(driver, policies));
    const setting = choosesItself(driver) ? 'energy_performance_preference' : 'scaling_governor';
    const value = choosesItself(driver) ? 'balance_performance' : 'performance';
    return fail(`${describe(driver, first)} holds the clock of ${slow.length} of ${policies.length} CPU policies down`, {
      evidence: evidenceOf(driver, slow, choosesItself(driver) ? 'balance_performance or performance' : 'performance or schedutil'),
      remedy: {
        summary: `Set ${setting} to ${value}; where power-profiles-daemon or tuned runs, choose its performance profile instead`,
        steps: [
          { run: `echo ${value} | tee ${CPUFREQ_FOLDER}/policy*/${setting}` },
          ...(platform.ok && !choosesItself(driver)
            ? kernelParameterSteps(platform.value, { add: ['cpufreq.default_governor=performance'] })
            : [{ run: 'powerprofilesctl set performance' }]),
        ],
      },
    });
  },
});

/**
 * Under these drivers the CPU chooses its clock, and the "governor" only says how: `powersave` is the ordinary mode, not
 * the lowest clock.
 */
function choosesItself(driver: string): boolean {
  return driver === 'intel_pstate' || driver === 'amd-pstate-epp' || driver === 'amd_pstate_epp';
}

function isSlow(driver: string, { governor, energyPreference }: FrequencyPolicy): boolean {
  if (!choosesItself(driver)) return !['performance', 'schedutil', 'ondemand'].includes(governor);
  if (governor === 'performance' || energyPreference === null) return false;
  // 128 is what the words `default` and `balance_performance` usually stand for; the words below ask for less.
  if (/^\d{1,3}$/.test(energyPreference)) return Number(energyPreference) > 128;
  return energyPreference === 'balance_power' || energyPreference === 'power';
}

function evidenceOf(driver: string, policies: readonly FrequencyPolicy[], expected?: string): [Evidence, ...Evidence[]] {
  const [first, ...rest] = policies;
  const others = rest.filter((policy) => describe(driver, policy) !== describe(driver, first ?? policy)).length;
  const observed = first === undefined ? driver : `${describe(driver, first)}${others === 0 ? '' : `; ${others} others differ`}`;
  return [{ source: `${CPUFREQ_FOLDER}/${first?.name ?? ''}`, observed, ...(expected === undefined ? {} : { expected }) }];
}

function describe(driver: string, { governor, energyPreference }: FrequencyPolicy): string {
  return energyPreference === null ? `${driver} ${governor}` : `${driver} ${governor} (${energyPreference})`;
}
