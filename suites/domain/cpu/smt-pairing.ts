import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { setsOwnTopology } from '../../../src/domain/guest-cpu.ts';
import { guestTopology, threadsPerCore } from '../../../src/domain/guest-topology.ts';
import { vcpuPlaces } from '../../../src/domain/pinning.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { coreEvidence, type Core, hostCores, type HostCores } from '../cpu-host.ts';
import { cpuWords, pinSpot, pinsRemedy, singleCpus, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/smt-pairing',
  title: 'vCPUs that are threads of one core in the guest are threads of one core on the host',
  severity: 'major',
  host: ['cpuTopology'],
  why: 'vCPUs 0 and 1, 2 and 3 and so on are threads of one core for the guest. Pinned to different cores, programs that the guest puts on two cores get onto two threads of one, and compete for it. One host numbers the threads of a core 0 and 1, another 0 and 6.',
  sources: [
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_topology',
    'https://docs.kernel.org/admin-guide/cputopology.html',
  ],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology }) {
    const threads = threadsPerCore(document);
    if (threads < 2) return notApplicable('the guest has one thread on each core');
    if (setsOwnTopology(document)) return notApplicable('the topology is that of -smp on the QEMU command line');
    const host = hostCores(cpuTopology);
    if (!host.hasSmt) return notApplicable('the cores of the host have one thread (see domain/cpu/threads)');
    const single = singleCpus(document, cpuTopology.online);
    if ('reason' in single) return notApplicable(single.reason);
    const cores = new Set([...single.places.values()].flatMap((cpu) => host.coreOf.get(cpu) ?? []));
    if (cores.size === single.places.size) return notApplicable('every vCPU has a core for itself (see domain/cpu/threads)');
    const mixed = mixedCores(host, single.places, threads);
    const [first] = mixed;
    if (first === undefined) return passAt(document, guestTopology(document)?.element ?? tuningElement(document));
    const place = vcpuPlaces(document).find(({ id }) => id === first.vcpu);
    const more = mixed.length === 1 ? '' : `, and ${mixed.length - 1} more such pairs`;
    const message = `vCPUs ${first.sibling} and ${first.vcpu} are threads of one core in the guest, but ${cpuWords([first.siblingCpu, first.cpu])} are different cores${more}`;
    return failAt(document, pinSpot(document, place), message, {
      expected: first.core === undefined ? 'a CPU of the host' : `the CPUs ${first.core.cpus.join(',')} for both`,
      evidence: first.core === undefined ? [] : [coreEvidence(first.core)],
      remedy: pinsRemedy(document, 'Pin the vCPUs of each core of the guest to the threads of one core of the host'),
    });
  },
});

interface Mixed {
  readonly sibling: number;
  readonly siblingCpu: number;
  readonly vcpu: number;
  readonly cpu: number;
  /** That of the first one. */
  readonly core: Core | undefined;
}

/** vCPUs whose core is not that of the first vCPU of their guest core. Where all agree, no two guest cores can share one of the host but for pins that are double. */
function mixedCores({ coreOf }: HostCores, cpus: ReadonlyMap<number, number>, threads: number): readonly Mixed[] {
  const firsts = new Map<number, { readonly vcpu: number; readonly cpu: number }>();
  return [...cpus].flatMap(([vcpu, cpu]): Mixed[] => {
    const guestCore = Math.floor(vcpu / threads);
    const first = firsts.get(guestCore);
    if (first === undefined) firsts.set(guestCore, { vcpu, cpu });
    if (first === undefined || coreOf.get(first.cpu) === coreOf.get(cpu)) return [];
    return [{ sibling: first.vcpu, siblingCpu: first.cpu, vcpu, cpu, core: coreOf.get(first.cpu) }];
  });
}
