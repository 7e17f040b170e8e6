import { cellsOf } from './cells.ts';
import { bootCore, hostCoresOf, nearestNode, type Offer, offersOf, performanceCores } from './eligible.ts';
import { isNarrowerThan } from '../domain/die-ids.ts';
import type { PinAnswer, PinPlan, PinRequest } from './model.ts';
import { helperCpus } from './near.ts';
import { notesOf } from './notes.ts';
import { avoidedCpus } from './others.ts';
import { isIsolated, place, type Surroundings } from './place.ts';
import { type Decision, reasonsOf } from './reasons.ts';
import { refuseHost, refuseMemory, refuseSize } from './refuse.ts';
import { sensibleSize } from './size.ts';

/** Plans which CPUs a VM gets, or says why that cannot be done well. The same request gives the same answer. */
export function planPins(request: PinRequest): PinAnswer {
  const { topology } = request;
  if (topology.cores.length - hostCoresOf(request) < 1) return { refusal: refuseHost(request) };
  const around = surroundingsOf(request);
  const offers = offersOf(request);
  const decision = request.vcpus === null ? decideSize(request, offers, around) : decide(request, offers, around, request.vcpus);
  if (decision === null) return { refusal: refuseSize(request, offers) };
  const plan = draft(decision);
  const refusal = refuseMemory(request, plan.memoryNode);
  if (refusal !== null) return { refusal };
  return { plan: { ...plan, reasons: reasonsOf(decision, plan), notes: notesOf(decision, plan) } };
}

function surroundingsOf(request: PinRequest): Surroundings {
  const boot = bootCore(request);
  return {
    isolated: new Set(request.isolated),
    avoided: avoidedCpus(request),
    withoutMemory: new Set(request.numaNodes.filter(({ memoryKiB }) => memoryKiB === 0).map(({ id }) => id)),
    bootCell: cellsOf(request.topology).find(({ cores }) => cores.some((core) => core === boot)),
  };
}

function decideSize(request: PinRequest, offers: readonly Offer[], around: Surroundings): Decision | null {
  const size = sensibleSize(offers, around);
  const placement = size === null ? null : place(size.offer.cells, size.cores, around);
  return size === null || placement === null ? null : { request, offer: size.offer, placement, around, sizeBecause: size.because };
}

/** The first offer that has room for this many vCPUs on whole cores. */
function decide(request: PinRequest, offers: readonly Offer[], around: Surroundings, vcpus: number): Decision | null {
  for (const offer of offers) {
    const cores = vcpus / offer.threads;
    if (!Number.isInteger(cores) || cores > offer.most) continue;
    const placement = place(offer.cells, cores, around);
    if (placement !== null) return { request, offer, placement, around, sizeBecause: null };
  }
  return null;
}

function draft({ request, offer, placement, around }: Decision): Omit<PinPlan, 'reasons' | 'notes'> {
  const { topology, iothreads, vendor, hasTopoext } = request;
  const cores = placement.parts.flatMap((part) => part.cores);
  const vcpus = cores.flatMap(({ cpus }) => cpus);
  const given = new Set(vcpus);
  const dies = placement.isEven ? placement.parts.length : 1;
  const cells = cellsOf(topology);
  const boot = bootCore(request);
  const guest = { sockets: 1, dies, cores: cores.length / dies, threads: offer.threads } as const;
  const emulator = helperCpus('emulator', cells, placement, boot, around);
  const ioCpus = helperCpus('iothreads', cells, placement, boot, around);
  return {
    vcpus,
    guest,
    emulator,
    iothreads: iothreads.map((id) => ({ id, cpus: ioCpus })),
    ...restOf(request, given, new Set([...(boot?.cpus ?? []), ...emulator, ...ioCpus])),
    ...memoryNodes(request, placement.parts[0]?.cell.node ?? null),
    needsTopoext: vendor === 'amd' && hasTopoext && offer.threads > 1,
    isIsolated: cores.every((core) => isIsolated(core, around)),
    showsCaches: seesSameCaches(request, [...vcpus, ...emulator]) && !isNarrowerThan(guest, topology.l3),
  };
}

/** The CPUs that have no vCPU of this VM. What the host needs itself is its own, whoever has it besides. */
function restOf(request: PinRequest, given: ReadonlySet<number>, needed: ReadonlySet<number>): Pick<PinPlan, 'host' | 'avoided'> {
  const avoided = avoidedCpus(request);
  const rest = request.topology.online.filter((cpu) => !given.has(cpu));
  const isHost = (cpu: number): boolean => needed.has(cpu) || !avoided.has(cpu);
  return { host: rest.filter(isHost), avoided: rest.filter((cpu) => !isHost(cpu)) };
}

/** The vCPUs' own node, or the nearest that has memory. */
function memoryNodes({ numaNodes }: PinRequest, node: number | null): Pick<PinPlan, 'memoryNode' | 'onlyMemoryNode'> {
  const withMemory = numaNodes.filter(({ memoryKiB }) => memoryKiB !== 0).map(({ id }) => id);
  const [only = null, another] = withMemory;
  if (node === null || another === undefined) return { memoryNode: null, onlyMemoryNode: only };
  const memoryNode = withMemory.includes(node) ? node : nearestNode(numaNodes, node, (id) => withMemory.includes(id));
  return { memoryNode, onlyMemoryNode: null };
}

/** QEMU asks the CPU that it starts on, which is one of the emulator's. https://gitlab.com/qemu-project/qemu/-/issues/2270 */
function seesSameCaches({ topology }: PinRequest, cpus: readonly number[]): boolean {
  const sizes = new Set(topology.l3.filter((cache) => cpus.some((cpu) => cache.cpus.includes(cpu))).map(({ sizeKiB }) => sizeKiB));
  const performance = new Set(performanceCores(topology).flatMap((core) => core.cpus));
  return sizes.size < 2 && new Set(cpus.map((cpu) => performance.has(cpu))).size === 1;
}
