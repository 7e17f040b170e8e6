import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { setsOwnTopology } from '../../../src/domain/guest-cpu.ts';
import { guestTopology, threadsPerCore } from '../../../src/domain/guest-topology.ts';
import { vcpuPlaces } from '../../../src/domain/pinning.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { coreEvidence, type Core, hostCores, type HostCores } from '../cpu-host.ts';
import { nowhere, pinsRemedy, singleCpus, tuningElement, vcpuWords } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/threads',
  title: 'The guest is told of as many threads on a core as its vCPUs have there',
  severity: 'major',
  host: ['cpuTopology'],
  why: 'The guest spreads busy programs over cores first. Where threads are called cores, two of them get onto one core while others idle; where cores are called threads, the guest leaves half of them idle.',
  sources: [
    'https://libvirt.org/formatdomain.html#cpu-model-and-topology',
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_topology',
  ],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology }) {
    if (setsOwnTopology(document)) return notApplicable('the topology is that of -smp on the QEMU command line');
    const host = hostCores(cpuTopology);
    const threads = threadsPerCore(document);
    const single = singleCpus(document, cpuTopology.online);
    const away = nowhere(vcpuPlaces(document), cpuTopology.online);
    if (away !== null) return notApplicable(away.reason);
    if (threads > 1 && !host.hasSmt) {
      const evidence = cpuTopology.cores.slice(0, 1).map(coreEvidence);
      return wrongThreads(
        document,
        `the guest is told of ${threads} threads on each core, and the cores of the host have one`,
        1,
        evidence,
      );
    }
    if ('reason' in single) return notApplicable(single.reason);
    return judgePins(document, host, threads, single.places);
  },
});

function judgePins(document: DomainDocument, host: HostCores, threads: number, cpus: ReadonlyMap<number, number>): Outcome {
  const spot = guestTopology(document)?.element ?? tuningElement(document);
  const groups = vcpusByCore(host, cpus);
  const shared = [...groups].find(([, vcpus]) => vcpus.length > 1);
  const [[core, alone] = []] = groups;
  if (threads > 1 && shared === undefined && cpus.size > 1) {
    const message = `the guest is told of ${threads} threads on each core, but every vCPU has a core of the host for itself`;
    return wrongThreads(document, message, 1, core === undefined || alone === undefined ? [] : [coreEvidence(core)]);
  }
  if (shared === undefined) return passAt(document, spot);
  const sizes = new Set([...groups.values()].map(({ length }) => length));
  const [size = 1] = sizes;
  // No topology of a guest has cores that differ.
  if (sizes.size > 1)
    return threads > 1 ? passAt(document, spot) : passAt(document, spot, 'no topology can say that some of its cores have more threads');
  if (size === threads) return passAt(document, spot);
  const message = `${vcpuWords(shared[1])} are threads of one core of the host, and the guest takes them for ${threads === 1 ? 'cores' : `threads of cores with ${threads}`}`;
  return wrongThreads(document, message, size, [coreEvidence(shared[0])]);
}

/** The vCPUs on each core, in the order of their numbers. */
function vcpusByCore({ coreOf }: HostCores, cpus: ReadonlyMap<number, number>): ReadonlyMap<Core, readonly number[]> {
  const groups = new Map<Core, number[]>();
  for (const [vcpu, cpu] of cpus) {
    const core = coreOf.get(cpu);
    const group = core === undefined ? undefined : groups.get(core);
    if (group !== undefined) group.push(vcpu);
    else if (core !== undefined) groups.set(core, [vcpu]);
  }
  return groups;
}

function wrongThreads(
  document: DomainDocument,
  message: string,
  threads: number,
  evidence: readonly ReturnType<typeof coreEvidence>[],
): Outcome {
  const topology = guestTopology(document)?.element;
  const spot = topology === undefined ? tuningElement(document) : { element: topology, attribute: 'threads' };
  return failAt(document, spot, message, {
    expected: `threads='${threads}'`,
    evidence,
    remedy: pinsRemedy(document, `Write threads='${threads}' with as many cores as then are needed, or plan pins and topology together`),
  });
}
