import { type Attempt, defineFact } from './fact.ts';
import { passthrough, type SelectedGpu } from './passthrough.ts';
import type { PciNames } from './pci-ids.ts';
import { pciDeviceName, pciNames } from './pci-names.ts';
import { type Platform, platform } from './platform.ts';
import { readAttribute, valueOrNull } from './read.ts';

/** The line that says which machine was judged. */
export interface HostSummary {
  readonly hostname: string | null;
  /** `Debian GNU/Linux 12 (bookworm), GRUB · GPU 0000:01:00.0 NVIDIA Corporation AD102 [GeForce RTX 4090] [10de:2684]` */
  readonly text: string;
}

export const hostSummary = defineFact({
  id: 'hostSummary',
  wants: { platform, passthrough, pciNames },
  collect(host, { platform: system, passthrough: selection, pciNames: names }): HostSummary {
    const hostname = valueOrNull(readAttribute(host, '/proc/sys/kernel/hostname')) ?? valueOrNull(readAttribute(host, '/etc/hostname'));
    const gpus = selection.ok ? selection.value.gpus : [];
    const parts = [systemText(system), ...gpus.map((gpu) => gpuText(gpu, names.ok ? names.value : new Map()))];
    return { hostname, text: parts.join(' · ') };
  },
});

function systemText(system: Attempt<Platform>): string {
  if (!system.ok) return 'unknown distribution';
  const { name, bootLoader } = system.value;
  return bootLoader === null ? name : `${name}, ${BOOT_LOADERS[bootLoader]}`;
}

function gpuText({ address, functions }: SelectedGpu, names: PciNames): string {
  const gpu = functions.find((device) => device.address === address);
  if (gpu === undefined) return `GPU ${address}`;
  const ids = `${gpu.vendor}:${gpu.device}`;
  const name = pciDeviceName(names, gpu);
  return name === ids ? `GPU ${address} [${ids}]` : `GPU ${address} ${name.replace(` ${ids}`, '')} [${ids}]`;
}

const BOOT_LOADERS = {
  grub: 'GRUB',
  'systemd-boot': 'systemd-boot',
  'kernel-install': 'kernel-install',
  uki: 'unified kernel image',
  refind: 'rEFInd',
  limine: 'Limine',
} as const;
