import type { Attempt } from '../facts/fact.ts';
import { isGpu } from '../facts/gpu-devices.ts';
import type { NumaNode } from '../facts/numa.ts';
import type { Passthrough } from '../facts/passthrough.ts';
import type { PciDevice } from '../facts/pci-devices.ts';
import type { PinnedGpu, Refusal } from './model.ts';
import { listed } from './words.ts';

/** Which GPU the vCPUs should be near. */
export interface GpuQuestion {
  /** Of `--gpu`: a whole address, `none`, or null when it was not given. */
  readonly asked: string | null;
  /** Host addresses of the devices that the VM's definition gives it; null without a definition. */
  readonly given: readonly string[] | null;
  readonly numaNodes: readonly NumaNode[];
  readonly devices: Attempt<readonly PciDevice[]>;
  /** Which GPU `passcheck preflight` takes; null: nobody asked, because a definition tells. */
  readonly passthrough: Attempt<Passthrough> | null;
}

/** `unseen`: it could not be looked at, and it matters, because the host has several NUMA nodes. */
export type GpuAnswer =
  | { readonly gpu: PinnedGpu | null; readonly note?: string }
  | { readonly refusal: Refusal }
  | { readonly unseen: string };

/**
 * Finds the GPU by `--gpu`, by the definition, or as `passcheck preflight` does. Where all cores are on one node it does not
 * matter which one it is, so then nobody is asked.
 */
export function findGpu(question: GpuQuestion): GpuAnswer {
  const { asked, devices } = question;
  if (asked === 'none') return { gpu: null };
  const matters = question.numaNodes.filter(({ cpus }) => cpus.length > 0).length > 1;
  if (!devices.ok) {
    const unseen = `${devices.error.source}: ${devices.error.reason}`;
    const nodes = question.numaNodes.filter(({ memoryKiB }) => memoryKiB !== 0);
    if (asked === null && (!matters || nodes.length < 2))
      return { gpu: null, note: `The devices could not be looked at (${unseen}): where the GPU is was not minded.` };
    return { unseen: `${devices.error.source}: ${devices.error.reason}; --gpu none plans without a GPU` };
  }
  if (asked !== null) return askedGpu(asked, devices.value);
  const candidates = candidatesOf(question, devices.value);
  if (question.given === null && !devices.value.some(isGpu))
    return { gpu: null, note: 'This host shows no GPU: the plan is not near one.' };
  if (!matters) return { gpu: candidates.length > 1 ? null : pinned(candidates[0]) };
  return lostReason(question, devices.value) ?? chosen(candidates);
}

function askedGpu(asked: string, devices: readonly PciDevice[]): GpuAnswer {
  const device = devices.find(({ address }) => address === asked);
  const gpus = devices.filter(isGpu).map((one) => one.address);
  const known = gpus.length === 0 ? 'this host has no GPU: --gpu none plans without one' : `its GPUs are ${listed(gpus)}`;
  if (device === undefined) return { refusal: { reason: `the host has no device ${asked}`, instead: known } };
  if (!isGpu(device)) return { refusal: { reason: `${asked} is no GPU (its class is ${device.classCode})`, instead: known } };
  return { gpu: pinned(device) };
}

/** Those of the definition, or its other devices; without one the selected ones, and where none is, those that could be meant. */
function candidatesOf({ given, passthrough }: GpuQuestion, devices: readonly PciDevice[]): readonly PciDevice[] {
  if (given !== null) {
    const present = devices.filter(({ address }) => given.includes(address));
    const gpus = present.filter(isGpu);
    return gpus.length > 0 ? gpus : present;
  }
  if (passthrough === null || !passthrough.ok) return devices.filter(isGpu);
  const { gpus, candidates } = passthrough.value;
  const addresses = gpus.length > 0 ? gpus.map(({ address }) => address) : candidates;
  return devices.filter(({ address }) => addresses.includes(address));
}

/** Several GPUs on one node are as good as one. */
function chosen(candidates: readonly PciDevice[]): GpuAnswer {
  const [first, ...others] = candidates;
  if (others.every(({ numaNode }) => numaNode === first?.numaNode)) return { gpu: pinned(first) };
  const places = candidates.map(
    ({ address, numaNode }) => `${address} on ${numaNode === null ? 'a node that is not known' : `node ${numaNode}`}`,
  );
  return {
    refusal: {
      reason: `several devices could be meant, and they are on different NUMA nodes: ${listed(places)}`,
      instead: `say which: ${candidates.map(({ address }) => `--gpu ${address}`).join(' or ')}`,
    },
  };
}

/** What is asked for and is not there: then the node is not known. */
function lostReason({ given, passthrough }: GpuQuestion, devices: readonly PciDevice[]): GpuAnswer | null {
  const instead = 'say which GPU is meant with --gpu, or plan without one: --gpu none';
  const isLost = given !== null && given.length > 0 && !devices.some(({ address }) => given.includes(address));
  if (isLost)
    return { refusal: { reason: `this host has none of the devices that the VM is given (${listed(given.slice(0, 8))})`, instead } };
  const [problem] = given === null && passthrough?.ok === true && passthrough.value.gpus.length === 0 ? passthrough.value.problems : [];
  return problem === undefined ? null : { refusal: { reason: problem, instead } };
}

function pinned(device: PciDevice | undefined): PinnedGpu | null {
  return device === undefined ? null : { kind: isGpu(device) ? 'GPU' : 'device', address: device.address, node: device.numaNode };
}
