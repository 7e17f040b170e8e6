import { groupedBy } from '../grouped.ts';
import { bootCore, hostCoresOf, type Offer, offersOf, performanceCores } from './eligible.ts';
import type { PinRequest, Refusal } from './model.ts';
import { capacity } from './size.ts';
import { counted, cpuWords, listed, memoryWords } from './words.ts';

/** The host has no core to give away. */
export function refuseHost(request: PinRequest): Refusal {
  const total = request.topology.cores.length;
  if (total < 2)
    return { reason: 'the host has one core, and needs it itself', instead: 'a VM with a GPU wants a host with four cores or more' };
  return {
    reason: `the host has ${counted(total, 'core')}, and ${hostCoresOf(request)} of them for itself leave none for a VM`,
    instead: `--host-cores 1 leaves ${counted(total - 1, 'core')} for it`,
  };
}

/** No offer has room for the vCPUs that are asked for (or for any). */
export function refuseSize(request: PinRequest, offers: readonly Offer[]): Refusal {
  const { vcpus } = request;
  const largest = offers.toSorted((a, b) => capacity(b) - capacity(a))[0];
  const most = largest === undefined ? 0 : capacity(largest);
  const beside = refuseBeside(request, largest, most);
  if (beside !== null) return beside;
  if (largest === undefined || most === 0) return { reason: nothingReason(request), instead: nothingInstead(request) };
  const { threads } = largest;
  if (vcpus !== null && vcpus % threads !== 0 && vcpus < most) {
    const below = Math.floor(vcpus / threads) * threads;
    const works = [below, below + threads].filter((count) => count > 0);
    return {
      reason: `${counted(vcpus, 'vCPU')} cannot be whole cores: each core has ${threads} threads, and what else runs on a core slows the VM down`,
      instead: `${works.map((count) => `--vcpus ${count}`).join(' or ')} works`,
    };
  }
  return {
    reason: `${counted(vcpus ?? 0, 'vCPU')} ${vcpus === 1 ? 'does' : 'do'} not fit: ${limitReason(request, largest)}`,
    instead: insteadOf(request, largest),
  };
}

/** Without the other VMs, and `--avoid`, there would be room. */
function refuseBeside(request: PinRequest, largest: Offer | undefined, most: number): Refusal | null {
  const { vcpus, others, avoid } = request;
  const alone = offersOf({ ...request, others: [], avoid: [] });
  const fits = alone.some((offer) => capacity(offer) >= (vcpus ?? 1) && (vcpus ?? 0) % offer.threads === 0);
  if (!fits || (most >= (vcpus ?? 1) && (vcpus ?? 0) % (largest?.threads ?? 1) !== 0)) return null;
  const online = new Set(request.topology.online);
  const firm = others.filter(({ isFirm, cpus }) => isFirm && cpus.some((cpu) => online.has(cpu)));
  const named = firm.slice(0, 6).map(({ domain, cpus }) => `${domain} is pinned to ${cpuWords(cpus.filter((cpu) => online.has(cpu)))}`);
  const more = firm.length > named.length ? [`${counted(firm.length - named.length, 'more VM')} to others`] : [];
  const told = avoid.length > 0 ? [`--avoid names ${cpuWords(avoid)}`] : [];
  const reason = listed([...named, ...more, ...told]);
  if (reason === '') return null;
  const lost = vcpus === null ? 'no core is left for a VM' : `${counted(vcpus, 'vCPU')} ${vcpus === 1 ? 'does' : 'do'} not fit`;
  const room = firm.length > 0 ? 'give another VM fewer CPUs first' : 'avoid fewer CPUs';
  const boot = cpuWords(bootCore(request)?.cpus ?? [0]);
  return {
    reason: `${lost} beside what is taken: ${reason}, and the host keeps ${counted(hostCoresOf(request), 'core')} (${boot} among them)`,
    instead: largest === undefined || most === 0 ? room : `--vcpus ${most} fits, or ${room}`,
  };
}

/** Why there is no more: the host's own cores, the GPU's node, the kind of the cores, or the size of a node. */
function limitReason(request: PinRequest, { cells, threads, most }: Offer): string {
  const { topology, gpu } = request;
  const total = topology.cores.length;
  const offered = cells.reduce((sum, { cores }) => sum + cores.length, 0);
  const nodes = [...groupedBy(cells, ({ node }) => String(node)).values()];
  const onNode = Math.max(...nodes.map((group) => group.reduce((sum, { cores }) => sum + cores.length, 0)));
  const each = threads === 1 ? '' : ` of ${threads} threads`;
  if (most < onNode) return `the host has ${counted(total, 'core')}, keeps ${hostCoresOf(request)}, and has ${most}${each} for a VM`;
  const isHybrid = performanceCores(topology).length < total;
  const kind = isHybrid ? 'performance core' : 'core';
  const mixing = isHybrid ? '; efficiency cores are not mixed in, because a guest takes all its CPUs for equal' : '';
  if (gpu !== null && gpu.node !== null && topology.cores.some(({ node }) => !cells.some((cell) => cell.node === node)))
    return `NUMA node ${cells[0]?.node ?? gpu.node}, where the ${gpu.kind} ${gpu.address} is, has ${counted(onNode, kind)}${each} beside those of the host${mixing}`;
  if (nodes.length > 1)
    return `no NUMA node has more than ${counted(onNode, kind)}${each} to give, and a VM over several nodes reaches a part of its memory late${mixing}`;
  return `beside core 0, which stays with the host, there ${offered === 1 ? 'is' : 'are'} ${counted(offered, kind)}${each}${mixing}`;
}

function insteadOf(request: PinRequest, offer: Offer): string {
  const fits = `--vcpus ${capacity(offer)} fits`;
  const more = hostCoresOf(request) > 1 ? capacity({ ...offer, most: request.topology.cores.length - 1 }) : 0;
  if (more < (request.vcpus ?? Number.POSITIVE_INFINITY)) return fits;
  return `${fits}, or --host-cores ${request.topology.cores.length - (request.vcpus ?? 0) / offer.threads} leaves the host fewer`;
}

function nothingReason({ gpu }: PinRequest): string {
  if (gpu === null || gpu.node === null) return 'beside core 0, which stays with the host, there is no core for a VM';
  return `NUMA node ${gpu.node}, where the ${gpu.kind} ${gpu.address} is, has no core for a VM beside core 0, which stays with the host`;
}

function nothingInstead({ gpu }: PinRequest): string {
  if (gpu === null || gpu.node === null) return 'a VM with a GPU wants a host with four cores or more';
  return 'put the GPU into a slot of another node, or plan without it: --gpu none';
}

/** Memory that must come from one node has to fit on it; null when it does or that is not known. */
export function refuseMemory({ memoryKiB, numaNodes }: PinRequest, node: number | null): Refusal | null {
  const has = numaNodes.find(({ id }) => id === node)?.memoryKiB ?? null;
  if (node === null || has === null || memoryKiB === null || memoryKiB < has) return null;
  return {
    reason: `the VM has ${memoryWords(memoryKiB)} of memory and NUMA node ${node} has ${memoryWords(has)}: it would not start with its memory bound to the node of its CPUs`,
    instead: `give the VM less than ${memoryWords(has)}`,
  };
}
