import { parseCpuset } from '../../../src/domain/cpuset.ts';
import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass } from '../../../src/engine/outcome.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import { CGROUP_FOLDER, type CpuIsolation, HOOK_PATHS, ISOLATED_PATH } from '../../../src/facts/cpu-isolation.ts';
import type { DefinedDomain } from '../../../src/facts/domains.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { isActive } from '../../../src/facts/judged-domains.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';

export default defineCheck({
  id: 'preflight/cpu/isolation',
  title: 'The CPUs that vCPUs are pinned to are kept free of the host’s work, and no others',
  severity: 'minor',
  needs: ['cpuIsolation', 'judgedDomains'],
  wants: ['platform'],
  why: 'When a program of the host runs on a CPU of the VM, the game waits: frames come late. Isolated CPUs that no VM uses lie idle.',
  sources: [
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
    'https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset',
    'https://libvirt.org/formatdomain.html#cpu-tuning',
  ],
  evaluate({ cpuIsolation, judgedDomains: { domains }, platform }) {
    if (domains.length === 0) return notApplicable('no VM with the GPU is defined');
    const pins: Pin[] = [];
    for (const { definition } of domains) {
      for (const { vcpu, cpus: text } of definition.vcpuPins) {
        const cpus = parseCpuset(text);
        const source = `virsh dumpxml --inactive ${definition.name}`;
        if (cpus === null) return couldNotLook(source, `vcpupin of vCPU ${vcpu} names no CPUs: ${text}`, 'correct it in the definition');
        pins.push({ domain: definition.name, vcpu, cpus });
      }
    }
    if (pins.length === 0 && cpuIsolation.isolated.length === 0) return notApplicable('no vCPU is pinned, and no CPU is isolated');
    return cpuIsolation.isolated.length > 0
      ? judgeIsolated({ pins, domains, cpuIsolation, platform })
      : judgeConfined({ pins, domains, cpuIsolation, platform });
  },
});

interface Pin {
  readonly domain: string;
  readonly vcpu: number;
  readonly cpus: readonly number[];
}

interface Situation {
  readonly pins: readonly Pin[];
  readonly domains: readonly DefinedDomain[];
  readonly cpuIsolation: CpuIsolation;
  readonly platform: Attempt<Platform>;
}

/** `isolcpus` is in force. */
function judgeIsolated(situation: Situation): Outcome {
  const { pins, domains, cpuIsolation } = situation;
  const isolated = new Set(cpuIsolation.isolated);
  const pinned = new Set(pins.flatMap(({ cpus }) => cpus));
  const evidence = [{ source: ISOLATED_PATH, observed: formatCpuList(cpuIsolation.isolated) }, pinEvidence(pins, domains)] as const;
  const instead = isolateRemedy(situation, [...pinned]);
  if (isolated.has(0)) {
    return fail('CPU 0 is isolated, though the kernel has work that only CPU 0 can do', {
      evidence: [{ ...evidence[0], expected: 'without 0' }, evidence[1]],
      remedy: { ...instead, summary: 'Leave CPU 0 to the host: pin vCPUs to other cores, and isolate those' },
    });
  }
  const floating = pins.find(({ cpus }) => cpus.filter((cpu) => isolated.has(cpu)).length > 1);
  if (floating !== undefined) {
    return fail(
      `vCPU ${floating.vcpu} of ${floating.domain} may run on several isolated CPUs, but the scheduler does not move it between them`,
      {
        evidence,
        remedy: { summary: 'Pin every vCPU to one CPU of its own' },
      },
    );
  }
  const shared = [...pinned].filter((cpu) => !isolated.has(cpu));
  if (shared.length > 0)
    return fail(`vCPUs are pinned to CPUs that are not isolated: ${formatCpuList(shared)}`, { evidence, remedy: instead });
  const idle = idleCpus(situation, isolated, pinned);
  if (idle.length > 0) {
    return fail(`isolated CPUs that no judged VM is pinned to: ${formatCpuList(idle)}`, {
      evidence,
      remedy: { ...instead, summary: pins.length === 0 ? 'Pin vCPUs to the isolated CPUs, or isolate none' : instead.summary },
    });
  }
  return pass(...evidence);
}

/** CPUs that nobody uses; a thread that lies idle beside a pinned one of the same core, and those of the emulator, are in use. */
function idleCpus({ domains, cpuIsolation }: Situation, isolated: ReadonlySet<number>, pinned: ReadonlySet<number>): readonly number[] {
  const beside = cpuIsolation.isolatedCores.filter((cpus) => cpus.some((cpu) => pinned.has(cpu))).flat();
  const emulator = domains.flatMap(({ definition }) => parseCpuset(definition.emulatorPin ?? '') ?? []);
  return [...isolated].filter((cpu) => !pinned.has(cpu) && !beside.includes(cpu) && !emulator.includes(cpu));
}

/** Nothing is isolated for good: the host's programs can still be confined to other CPUs. */
function judgeConfined(situation: Situation): Outcome {
  const { pins, domains, cpuIsolation } = situation;
  const { hostPrograms, hasHook } = cpuIsolation;
  const pinned = new Set(pins.flatMap(({ cpus }) => cpus));
  const pinning = pinEvidence(pins, domains);
  const source = `${CGROUP_FOLDER}/{system.slice,user.slice,init.scope}/cpuset.cpus`;
  if (hostPrograms.state === 'unreadable') return couldNotLook(source, hostPrograms.detail, 'look at the files by hand');
  if (hostPrograms.state === 'ok') {
    const shared = hostPrograms.value.filter((cpu) => pinned.has(cpu));
    const confined = { source, observed: formatCpuList(hostPrograms.value) };
    if (shared.length === 0) return pass(confined, pinning);
    return fail(`the host’s programs may run on CPUs that vCPUs are pinned to: ${formatCpuList(shared)}`, {
      evidence: [confined, pinning],
      remedy: isolateRemedy(situation, [...pinned]),
    });
  }
  const isOff = !domains.every((domain) => isActive(domain));
  const hook = HOOK_PATHS[0];
  if (isOff && hasHook.state === 'unreadable') return couldNotLook(hook, hasHook.detail, 'run passcheck as root, or while the VM runs');
  if (isOff && hasHook.state === 'ok' && hasHook.value) {
    return couldNotLook(hook, 'libvirt’s hook may isolate the CPUs when the VM starts', 'run passcheck again while the VM runs');
  }
  return fail(`the host’s programs may run on CPUs that vCPUs are pinned to: ${formatCpuList([...pinned])}`, {
    evidence: [{ source: ISOLATED_PATH, observed: 'no CPU' }, { source, observed: 'not set' }, pinning],
    remedy: isolateRemedy(situation, [...pinned]),
  });
}

function pinEvidence(pins: readonly Pin[], domains: readonly DefinedDomain[]): Evidence {
  const names = domains.map(({ definition }) => definition.name);
  const observed = pins.length === 0 ? 'no vCPU is pinned' : `vCPUs pinned to ${formatCpuList(pins.flatMap(({ cpus }) => cpus))}`;
  return { source: names.map((name) => `virsh dumpxml --inactive ${name}`).join('; '), observed };
}

/** systemd confines the host at once and for good; `isolcpus` is for those who have it already. */
function isolateRemedy(
  { cpuIsolation, platform }: Situation,
  pinned: readonly number[],
): { summary: string; steps?: ReturnType<typeof kernelParameterSteps> } {
  const others = formatCpuList(cpuIsolation.online.filter((cpu) => !pinned.includes(cpu)));
  if (others === '') return { summary: 'Leave at least one core to the host: every CPU has a vCPU pinned to it' };
  if (cpuIsolation.isolated.length > 0) {
    const list = formatCpuList(pinned);
    const summary = list === '' ? 'Isolate no CPU' : `Isolate exactly the CPUs ${list}`;
    const add = list === '' ? [] : [`isolcpus=domain,managed_irq,${list}`];
    const remove = cpuIsolation.asked.map((value) => `isolcpus=${value}`);
    return platform.ok ? { summary, steps: kernelParameterSteps(platform.value, { add, remove }) } : { summary };
  }
  return {
    summary: `When the pins are settled, confine the host’s programs to the CPUs ${others}, or do so in a hook of libvirt while the VM runs`,
    steps: ['system.slice', 'user.slice', 'init.scope'].map((part) => ({ run: `systemctl set-property ${part} AllowedCPUs=${others}` })),
  };
}
