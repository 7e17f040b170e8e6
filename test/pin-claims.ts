import type { PinPlan, PinRequest } from '../src/pinning/model.ts';

/** What every plan holds, whatever the host; the names of the claims that this one breaks. */
export function brokenClaims(request: PinRequest, plan: PinPlan): string[] {
  return Object.entries(claims(request, plan)).flatMap(([claim, holds]) => (holds ? [] : [claim]));
}

function claims({ topology, vcpus, hostCores, iothreads, gpu, numaNodes, others }: PinRequest, plan: PinPlan): Record<string, boolean> {
  const guest = new Set(plan.vcpus);
  const given = topology.cores.filter(({ cpus }) => cpus.some((cpu) => guest.has(cpu)));
  const { sockets, dies, cores, threads } = plan.guest;
  const gpuNode = numaNodes.find(({ id, cpus }) => id === gpu?.node && cpus.length > 0)?.id;
  const cpuThreads = [plan.emulator, ...plan.iothreads.map(({ cpus }) => cpus)];
  const sentences = [...plan.reasons, ...plan.notes];
  return {
    'each CPU has one vCPU': guest.size === plan.vcpus.length && guest.size > 0,
    'as many vCPUs as asked for': vcpus === null || plan.vcpus.length === vcpus,
    'the topology is their product': sockets * dies * cores * threads === plan.vcpus.length,
    'whole cores': given.flatMap(({ cpus }) => cpus).length === guest.size,
    'all alike': new Set(given.map(({ cpus, kind, node }) => `${cpus.length} ${kind} ${node}`)).size === 1,
    'threads of a core follow one another': chunks(plan.vcpus, threads).every((cpus) => given.some((core) => isSame(core.cpus, cpus))),
    'other VMs keep their CPUs': others.every(({ cpus }) => cpus.every((cpu) => !guest.has(cpu))),
    'core 0 is the host’s': !guest.has(topology.online[0] ?? 0),
    'the host keeps its cores': topology.cores.length - given.length >= (hostCores ?? 1),
    'the emulator is on the host’s CPUs': cpuThreads.every((cpus) => cpus.length > 0 && cpus.every((cpu) => plan.host.includes(cpu))),
    'every CPU is online and somebody’s': isSame(
      [...plan.vcpus, ...plan.host, ...plan.avoided].toSorted((a, b) => a - b),
      topology.online,
    ),
    'every I/O thread is pinned': isSame(
      plan.iothreads.map(({ id }) => id),
      iothreads,
    ),
    'on the node of the GPU': gpuNode === undefined || given[0]?.node === gpuNode,
    sentences: sentences.every((sentence) => sentence.endsWith('.') && !/NaN|undefined|null|Infinity/.test(sentence)),
  };
}

function chunks(list: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
