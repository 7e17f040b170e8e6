import { cpusOf } from './cells.ts';
import { bootCore, type Offer, performanceCores } from './eligible.ts';
import type { PinPlan, PinRequest } from './model.ts';
import { isIsolated, isSameCell, type Placement, type Surroundings } from './place.ts';
import { cellName, counted, coreWords, cpuWords, listed, sizeWords } from './words.ts';

/** What was decided, before it is put into words. */
export interface Decision {
  readonly request: PinRequest;
  readonly offer: Offer;
  readonly placement: Placement;
  readonly around: Surroundings;
  /** Why the VM has this many cores, when nobody asked for a number. */
  readonly sizeBecause: string | null;
}

type Drafted = Pick<PinPlan, 'vcpus' | 'emulator' | 'iothreads' | 'host' | 'memoryNode'>;

/** Why a plan is as it is, the most important first. */
export function reasonsOf(decision: Decision, plan: Drafted): readonly string[] {
  return [
    whereReason(decision, plan),
    threadReason(decision),
    kindReason(decision),
    nodeReason(decision, plan),
    isolationReason(decision),
    sizeReason(decision, plan),
    hostReason(decision, plan),
  ].flatMap((reason) => reason ?? []);
}

function whereReason(decision: Decision, { vcpus }: Drafted): string {
  const { request, placement } = decision;
  const [only, ...others] = placement.parts;
  const all = vcpus.length === 1 ? 'The vCPU is' : `${vcpus.length === 2 ? 'Both' : `All ${vcpus.length}`} vCPUs are`;
  if (only !== undefined && others.length === 0) {
    return `${all} on ${cellName(only.cell, request)} (${coreWords(only.cores)}): ${whyHere(decision)}.`;
  }
  const shares = placement.parts.map(({ cell, cores }) => `${cores.length} of ${cellName(cell, request)}`);
  const kind = only?.cell.cache === null ? 'package' : 'L3 cache';
  return `The vCPUs have ${counted(vcpus.length / decision.offer.threads, 'core')}, ${listed(shares)}: no ${kind} has as many free.`;
}

/** What made one cell the best of all that are large enough. */
function whyHere({ request, placement, offer, around }: Decision): string {
  const [{ cell, cores } = { cell: undefined, cores: [] }] = placement.parts;
  if (cell === undefined) return '';
  const rivals = offer.cells.filter((one) => one !== cell);
  if (cores.length === 1 && rivals.length === 0) return 'it has a core of its own';
  const shared = cell.cache === null ? 'its cores share a package' : 'its cores share one L3 cache';
  if (rivals.length === 0) return `${shared}${cell.sizeKiB === null ? '' : ` of ${sizeWords(cell.sizeKiB)}`}`;
  if (cores.some((core) => isIsolated(core, around))) return `${shared}, and they are isolated already`;
  const smaller = rivals.map(({ sizeKiB }) => sizeKiB).filter((size) => size !== null && size < (cell.sizeKiB ?? 0));
  if (smaller.length > 0)
    return `it holds the larger L3 (${sizeWords(cell.sizeKiB ?? 0)}, not ${sizeWords(Math.max(...smaller.flatMap((size) => size ?? [])))})`;
  const bootRival = rivals.find((one) => isSameCell(one, around.bootCell));
  if (bootRival !== undefined) return `${shared}, and the host’s core 0 is on ${cellName(bootRival, request)}`;
  return shared;
}

function threadReason({ offer: { threads } }: Decision): string | null {
  if (threads === 1) return null;
  const firsts = listed(Array.from({ length: threads }, (_, vcpu) => String(vcpu)));
  return `Cores are given whole: vCPUs ${firsts} are the threads of one core, and so on, and the guest is told so.`;
}

function kindReason({ request: { topology } }: Decision): string | null {
  const performance = performanceCores(topology);
  const others = topology.cores.filter((core) => !performance.includes(core));
  if (others.length === 0) return null;
  return `Only performance cores have vCPUs: a guest takes all its CPUs for equal. The efficiency cores (${coreWords(others)}) stay with the host.`;
}

function nodeReason({ request: { gpu }, placement }: Decision, { memoryNode }: Drafted): string | null {
  const node = placement.parts[0]?.cell.node ?? null;
  if (memoryNode === null || node === null) return null;
  const memory =
    memoryNode === node
      ? 'The vCPUs and the memory are'
      : `The memory is on NUMA node ${memoryNode}, the nearest that has some; the vCPUs are`;
  if (gpu === null || gpu.node === null) return `${memory} on NUMA node ${node}: memory of another node takes longer to reach.`;
  if (gpu.node === node) return `${memory} on NUMA node ${node}, where the ${gpu.kind} ${gpu.address} is.`;
  return `${memory} on NUMA node ${node}, the nearest to the ${gpu.kind} ${gpu.address}: its own node ${gpu.node} has no CPUs.`;
}

function isolationReason({ placement, around, offer }: Decision): string | null {
  const cores = placement.parts.flatMap((part) => part.cores);
  // With one place only nothing was said of it yet.
  const isSaid = placement.parts.length === 1 && offer.cells.length > 1;
  if (isSaid || cores.length === 0 || !cores.every((core) => isIsolated(core, around))) return null;
  return 'These CPUs are isolated from the host already (isolcpus).';
}

function sizeReason({ sizeBecause }: Decision, { vcpus }: Drafted): string | null {
  return sizeBecause === null ? null : `${counted(vcpus.length, 'vCPU')}, because ${sizeBecause}; --vcpus asks for another number.`;
}

function hostReason(decision: Decision, { host, emulator, iothreads }: Drafted): string {
  const { request } = decision;
  const boot = bootCore(request);
  const cores = request.topology.cores.filter(({ cpus }) => cpus.some((cpu) => host.includes(cpu)));
  const keeps = `The host keeps ${counted(cores.length, 'core')} (${cpuWords(host)})`;
  const first = boot === undefined ? '' : `, core 0 (${cpuWords(cpusOf([boot]))}) always: some work of the kernel is done only there`;
  return `${keeps}${first}. ${helperWords(emulator, iothreads[0]?.cpus ?? null)}${nearWords(decision, emulator)}.`;
}

/** Said only where it is a reason: some are in the cache of the vCPUs, and others are not. */
function nearWords({ request: { topology }, placement }: Decision, emulator: readonly number[]): string {
  const caches = new Set(placement.parts.map(({ cell }) => cell.cache));
  const own = topology.l3.filter((_cache, index) => caches.has(index)).flatMap(({ cpus }) => cpus);
  const isNear = emulator.some((cpu) => own.includes(cpu));
  return isNear && topology.l3.length > 1 ? ', in the cache of the vCPUs' : '';
}

function helperWords(emulator: readonly number[], io: readonly number[] | null): string {
  if (io === null) return `QEMU’s own threads run on ${cpuWords(emulator)}`;
  if (cpuWords(io) === cpuWords(emulator)) return `QEMU’s own threads and those for I/O run on ${cpuWords(emulator)}`;
  return `QEMU’s own threads run on ${cpuWords(emulator)}, those for I/O on ${cpuWords(io)}`;
}
