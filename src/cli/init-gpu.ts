import type { FactStore } from '../engine/fact-store.ts';
import type { Attempt } from '../facts/fact.ts';
import { gpuFunctions, isGpu } from '../facts/gpu-devices.ts';
import type { Passthrough } from '../facts/passthrough.ts';
import type { PciDevice } from '../facts/pci-devices.ts';
import { facts } from '../facts/registry.ts';
import { UsageError } from '../usage-error.ts';

/** The functions of a GPU that a VM can be given, or why there is an example in their place. */
export type InitGpu = { readonly functions: readonly PciDevice[] } | { readonly missing: string };

/** Finds the GPU of `--gpu`, or the one that `passcheck preflight` would judge. Throws a {@link UsageError} when the one of `--gpu` is none. */
export async function initGpu(store: FactStore, asked: string | undefined): Promise<InitGpu> {
  const devices = await store.get(facts.pciDevices);
  if (asked !== undefined) return askedGpu(asked, devices);
  if (!devices.ok) return { missing: `the devices could not be looked at (${devices.error.source}: ${devices.error.reason})` };
  const found = await store.get(facts.passthrough);
  return found.ok ? chosenGpu(found.value) : { missing: `it could not be told which GPU is meant (${found.error.reason})` };
}

function askedGpu(asked: string, devices: Attempt<readonly PciDevice[]>): InitGpu {
  if (!devices.ok) throw new UsageError(`the devices could not be looked at: ${devices.error.source}: ${devices.error.reason}`);
  const gpus = devices.value.filter(isGpu);
  const gpu = gpus.find(({ address }) => address === asked);
  if (gpu !== undefined) return usable(gpuFunctions(devices.value, gpu));
  const known = gpus.length === 0 ? 'there is none' : `there is ${gpus.map(({ address }) => address).join(', ')}`;
  throw new UsageError(`no GPU has the address ${asked} here: ${known}`);
}

function chosenGpu({ gpus, candidates }: Passthrough): InitGpu {
  const [gpu, ...others] = gpus;
  if (gpu !== undefined && others.length === 0) return usable(gpu.functions);
  const meant = gpu === undefined ? candidates : gpus.map(({ address }) => address);
  if (meant.length === 0) return { missing: 'no GPU was found' };
  return { missing: `several GPUs could be meant (${meant.map((address) => `--gpu ${address}`).join(', ')})` };
}

/** libvirt takes no address of a domain beyond four digits, which only devices behind a storage controller (VMD) have. */
function usable(functions: readonly PciDevice[]): InitGpu {
  return functions.every(({ address }) => address.length === 12)
    ? { functions }
    : { missing: 'the GPU has an address that libvirt does not take' };
}
