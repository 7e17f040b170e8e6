import type { Cpu } from '../src/facts/cpu.ts';
import type { CpuIsolation } from '../src/facts/cpu-isolation.ts';
import { ABSENT, ok } from '../src/host/reading.ts';

// Hand-made values of the facts that rules about CPUs share: a test names only what matters to it.

/** A processor of AMD; of Intel where `vmx` is among the flags. */
export function aProcessor(flags: readonly string[] = ['svm', 'topoext'], given: Partial<Cpu> = {}): Cpu {
  return {
    vendor: flags.includes('vmx') ? 'intel' : 'amd',
    modelName: null,
    flags: new Set(flags),
    microcode: null,
    isNested: false,
    hypervisor: null,
    kvmModule: ABSENT,
    isKvmActive: ok(true),
    ...given,
  };
}

/** Nothing is isolated, and nothing is confined. */
export function anIsolation(given: Partial<CpuIsolation> = {}): CpuIsolation {
  return {
    online: [],
    isolated: [],
    isolatedCores: [],
    asked: [],
    tickless: [],
    withoutRcuCallbacks: [],
    interruptCpus: [],
    hostPrograms: ABSENT,
    hasHook: ok(false),
    ...given,
  };
}

/** `<vcpu>` and one pin for each list: `pinned('2', '8')` pins vCPU 0 to CPU 2 and vCPU 1 to CPU 8. `more` goes into `<cputune>`. */
export function pinned(cpusets: readonly (string | number)[], more = '', topology = ''): string {
  const pins = cpusets.map((cpuset, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${cpuset}'/>`);
  const cpu = topology === '' ? '' : `\n  <cpu mode='host-passthrough'>\n    <topology ${topology}/>\n  </cpu>`;
  return `<vcpu placement='static'>${cpusets.length}</vcpu>\n  <cputune>\n    ${[...pins, ...(more === '' ? [] : [more])].join('\n    ')}\n  </cputune>${cpu}`;
}
