import { formatCpuList } from '../facts/cpu-list.ts';
import { isNarrowerThan } from '../domain/die-ids.ts';
import { cpusOf } from './cells.ts';
import type { PinPlan } from './model.ts';
import type { Decision } from './reasons.ts';
import { cellName, counted, cpuWords, listed, sizeWords } from './words.ts';

/** What the user should know of a plan: what was not known, and what another number would change. */
export function notesOf(
  decision: Decision,
  plan: Pick<PinPlan, 'vcpus' | 'guest' | 'host' | 'avoided' | 'memoryNode' | 'showsCaches'>,
): readonly string[] {
  return [
    largerCacheNote(decision),
    mixedCacheNote(decision, plan),
    largerPartNote(decision),
    spanNote(decision),
    isolationNote(decision, plan),
    nodeNote(decision),
    vendorNote(decision),
    fewHostCoresNote(decision, plan),
    hugepageNote(decision, plan),
    leftNote(decision),
    othersNote(decision, plan),
    singleNote(plan),
  ].flatMap((note) => note ?? []);
}

/** A larger cache exists, and has too few cores free for this many vCPUs. */
function largerCacheNote({ request, offer, placement }: Decision): string | null {
  const used = Math.max(...placement.parts.map(({ cell }) => cell.sizeKiB ?? 0));
  const larger = offer.cells.find(({ sizeKiB, node }) => (sizeKiB ?? 0) > used && placement.parts.every(({ cell }) => cell.node === node));
  if (larger === undefined || used === 0) return null;
  const name = cellName(larger, request);
  const fits = larger.cores.length * offer.threads;
  return `${name} has the larger L3 (${sizeWords(larger.sizeKiB ?? 0)}), but only ${counted(larger.cores.length, 'core')} for the VM: --vcpus ${fits} fits there.`;
}

/** One of the caches that the VM is spread over is larger than the others. */
function largerPartNote({ request, offer, placement: { parts } }: Decision): string | null {
  const sizes = parts.map(({ cell }) => cell.sizeKiB ?? 0);
  const largest = Math.max(...sizes);
  if (parts.length < 2 || Math.min(...sizes) === largest) return null;
  const { cell } = parts[sizes.indexOf(largest)] ?? { cell: undefined };
  if (cell === undefined) return null;
  const fits = Math.min(cell.cores.length, offer.most) * offer.threads;
  return `Only ${cellName(cell, request)} has the larger L3 (${sizeWords(largest)}): --vcpus ${fits} fits there.`;
}

/** See https://gitlab.com/qemu-project/qemu/-/issues/2270 */
function mixedCacheNote({ request }: Decision, { guest, showsCaches }: Pick<PinPlan, 'guest' | 'showsCaches'>): string | null {
  if (showsCaches) return null;
  if (isNarrowerThan(guest, request.topology.l3))
    return `Each die of the guest has ${counted(guest.cores, 'core')}, fewer than share an L3 of this host: the host’s caches would reach over several, so <cache mode='passthrough'/> is no part of the plan.`;
  return "The caches of this host differ, and a guest is shown those of the CPU that QEMU starts on: so <cache mode='passthrough'/> is no part of the plan.";
}

function spanNote({ request, placement: { parts, isEven } }: Decision): string | null {
  if (parts.length < 2) return null;
  const names = listed(parts.map(({ cell }) => cellName(cell, request)));
  if (isEven) return `The guest is told of ${parts.length} dies (${names}), so that it keeps threads that share data in one of them.`;
  return `${names} give different numbers of cores, which no guest topology can say: fewer vCPUs in one of them may be faster.`;
}

/** `isolcpus` that fits the plan neither helps nor harms; one that does not is worth a word. */
function isolationNote(
  { request: { isolated }, placement }: Decision,
  { vcpus, avoided }: Pick<PinPlan, 'vcpus' | 'avoided'>,
): string | null {
  if (isolated === null) return 'Whether the host isolates CPUs (isolcpus) could not be looked at.';
  if (isolated.length === 0) return null;
  const guest = cpusOf(placement.parts.flatMap(({ cores }) => cores));
  const missing = guest.filter((cpu) => !isolated.includes(cpu));
  const theirs = isolated.filter((cpu) => avoided.includes(cpu));
  const idle = isolated.filter((cpu) => !vcpus.includes(cpu) && !theirs.includes(cpu));
  if (missing.length === 0 && idle.length === 0) return null;
  const parts = [
    ...(missing.length > 0
      ? [`${cpuWords(missing)} ${missing.length === 1 ? 'has a vCPU and is' : 'have vCPUs and are'} not isolated`]
      : []),
    ...(idle.length > 0 ? [`${cpuWords(idle)} ${idle.length === 1 ? 'is' : 'are'} isolated without a vCPU`] : []),
  ];
  return `${listed(parts)}: change isolcpus to ${formatCpuList([...guest, ...theirs])}, or remove it.`;
}

function nodeNote({ request: { gpu, numaNodes } }: Decision): string | null {
  if (gpu === null || gpu.node !== null || numaNodes.length < 2) return null;
  return `The firmware does not say which NUMA node the ${gpu.kind} ${gpu.address} hangs on: look up its slot in the manual of the board.`;
}

function vendorNote({ request: { vendor }, offer }: Decision): string | null {
  if (vendor !== null || offer.threads === 1) return null;
  return "Whose processor it is could not be looked at: on AMD add <feature policy='require' name='topoext'/> to <cpu>.";
}

function fewHostCoresNote({ request: { topology } }: Decision, { host }: Pick<PinPlan, 'host'>): string | null {
  const kept = new Set(host);
  if (topology.cores.length < 4 || topology.cores.filter(({ cpus }) => cpus.some((cpu) => kept.has(cpu))).length > 1) return null;
  return 'One core for the host is little: with the desktop, the emulator and the I/O on it, the VM waits for them.';
}

/** Bound to one node, memory comes from the hugepages of that node only. */
function hugepageNote({ request }: Decision, { memoryNode }: Pick<PinPlan, 'memoryNode'>): string | null {
  if (!request.usesHugepages || memoryNode === null) return null;
  return `The VM’s hugepages must be free on NUMA node ${memoryNode}, or it does not start: reserve them in /sys/devices/system/node/node${memoryNode}/hugepages.`;
}

/** Whose CPUs the plan leaves alone. */
function leftNote({ request: { others, topology } }: Decision): string | null {
  const online = new Set(topology.online);
  const left = others.flatMap(({ domain, cpus, isFirm }) => {
    const known = isFirm ? cpus.filter((cpu) => online.has(cpu)) : [];
    return known.length === 0 ? [] : [`${cpuWords(known)} (${domain})`];
  });
  if (left.length === 0) return null;
  const more = left.length > 6 ? [`those of ${counted(left.length - 6, 'more VM')}`] : [];
  return `Left to other VMs, which can run at the same time: ${listed([...left.slice(0, 6), ...more])}.`;
}

function othersNote({ request: { others } }: Decision, { vcpus }: Pick<PinPlan, 'vcpus'>): string | null {
  const shared = others.flatMap(({ domain, cpus }) => {
    const both = vcpus.filter((cpu) => cpus.includes(cpu));
    return both.length === 0 ? [] : [`${domain} (${cpuWords(both)})`];
  });
  if (shared.length === 0) return null;
  return `vCPUs of ${listed(shared)} are pinned to the same CPUs: run them at different times, or plan them again.`;
}

function singleNote({ vcpus }: Pick<PinPlan, 'vcpus'>): string | null {
  return vcpus.length === 1 ? 'Windows 11 wants two processors or more.' : null;
}
