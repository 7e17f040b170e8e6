import { type DefinedDomain } from './domains.ts';
import { isGpu, isVfioDriver } from './gpu-devices.ts';
import type { PciDevice } from './pci-devices.ts';
import { matchesVfioPciId, type VfioPciId } from './vfio-pci-ids.ts';

/** One reason to think that a GPU is meant. */
export interface GpuEvidence {
  readonly basis: 'configured' | 'assigned' | 'bound' | 'named';
  readonly device: PciDevice;
  /** `win11`'s definition, a path, a line of modprobe.d. */
  readonly source: string;
  /** For people: `bound to vfio-pci`. */
  readonly reason: string;
}

/** GPUs that the definitions of domains are given. */
export function assignedGpus(devices: readonly PciDevice[], domains: readonly DefinedDomain[]): GpuEvidence[] {
  return domains.flatMap(({ definition }) =>
    definition.pciDevices.flatMap(({ address }): GpuEvidence[] => {
      const device = devices.find((candidate) => candidate.address === address);
      if (device === undefined || !isGpu(device)) return [];
      return [{ basis: 'assigned', device, source: `virsh dumpxml ${definition.name}`, reason: `assigned to ${definition.name}` }];
    }),
  );
}

/** GPUs that vfio-pci holds now. Only the graphics function counts: HDMI audio of different cards often has the same id. */
export function boundGpus(devices: readonly PciDevice[]): GpuEvidence[] {
  return devices.flatMap((device): GpuEvidence[] => {
    if (!isGpu(device) || device.driver.state !== 'ok' || !isVfioDriver(device.driver.value)) return [];
    return [{ basis: 'bound', device, source: `/sys/bus/pci/devices/${device.address}/driver`, reason: `bound to ${device.driver.value}` }];
  });
}

/** GPUs that are told to go to vfio-pci: `driver_override`, `vfio-pci.ids`. `ambiguous`: one id that fits several. */
export function namedGpus(
  devices: readonly PciDevice[],
  ids: readonly VfioPciId[],
  known: readonly GpuEvidence[],
): { evidence: GpuEvidence[]; ambiguous: GpuEvidence[] } {
  const gpus = devices.filter(isGpu);
  const evidence = gpus.flatMap((device): GpuEvidence[] => {
    if (device.driverOverride.state !== 'ok' || !isVfioDriver(device.driverOverride.value)) return [];
    const source = `/sys/bus/pci/devices/${device.address}/driver_override`;
    return [{ basis: 'named', device, source, reason: `driver_override ${device.driverOverride.value}` }];
  });
  const ambiguous: GpuEvidence[] = [];
  for (const id of ids) {
    const matches = gpus
      .filter((device) => matchesVfioPciId(id, device))
      .map((device): GpuEvidence => ({ basis: 'named', device, source: id.source, reason: `named by vfio-pci.ids=${id.text}` }));
    const certain = matches.filter(({ device }) => [...known, ...evidence].some((other) => other.device.address === device.address));
    // An id cannot tell identical cards apart; what is bound or assigned can.
    if (certain.length > 0) evidence.push(...certain);
    else (matches.length === 1 ? evidence : ambiguous).push(...matches);
  }
  return { evidence, ambiguous };
}
