import type { Config } from '../config/schema.ts';
import { gpuFunctions, isGpu } from './gpu-devices.ts';
import type { GpuEvidence } from './gpu-evidence.ts';
import type { PciDevice } from './pci-devices.ts';

/** The GPUs that `passcheck.yaml` names, and what it names that is not there or is no GPU. */
export function configuredGpus(
  devices: readonly PciDevice[],
  config: Pick<Config, 'gpu' | 'ids'>,
): { evidence: GpuEvidence[]; problems: string[] } {
  const byAddress = config.gpu.map((address) => ({
    wish: address,
    key: 'gpu',
    found: devices.filter((device) => device.address === address),
  }));
  const byId = config.ids.map((id) => ({
    wish: id,
    key: 'ids',
    found: devices.filter(({ vendor, device }) => `${vendor}:${device}` === id),
  }));
  const wishes = [...byAddress, ...byId];
  const evidence = wishes.flatMap(({ wish, key, found }) =>
    found.filter(isGpu).map((device): GpuEvidence => {
      return { basis: 'configured', device, source: 'passcheck.yaml', reason: `passcheck.yaml, ${key}: ${wish}` };
    }),
  );
  const parts = new Set(evidence.flatMap(({ device }) => gpuFunctions(devices, device).map(({ address }) => address)));
  const problems = wishes.flatMap(({ wish, key, found }) => {
    const [first] = found;
    if (first === undefined) return [`passcheck.yaml, ${key}: there is no device ${wish}`];
    // Naming the audio function along with its GPU is no mistake.
    if (found.some((device) => isGpu(device) || parts.has(device.address))) return [];
    return [`passcheck.yaml, ${key}: ${wish} is no display device (class ${first.classCode})${neighbour(devices, first)}`];
  });
  return { evidence, problems };
}

function neighbour(devices: readonly PciDevice[], device: PciDevice): string {
  const gpu = devices.find((other) => isGpu(other) && gpuFunctions(devices, other).includes(device));
  return gpu === undefined ? '' : `; the GPU that it belongs to is ${gpu.address}`;
}
