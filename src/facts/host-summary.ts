import { valueOrNull, readAttribute } from './read.ts';
import { defineFact } from './fact.ts';
import { passthrough } from './passthrough.ts';
import { platform } from './platform.ts';

/** The line that says which machine was judged. */
export interface HostSummary {
  readonly hostname: string | null;
  /** `Debian GNU/Linux 12 (bookworm), GRUB · GPU 0000:01:00.0 NVIDIA AD102 [10de:2684]` */
  readonly text: string;
}

export const hostSummary = defineFact({
  id: 'hostSummary',
  wants: { platform, passthrough },
  collect(host, facts): HostSummary {
    const hostname = valueOrNull(readAttribute(host, '/proc/sys/kernel/hostname')) ?? valueOrNull(readAttribute(host, '/etc/hostname'));
    const parts = [facts.platform.ok ? facts.platform.value.name : 'unknown distribution'];
    if (facts.platform.ok && facts.platform.value.bootLoader !== null) parts[0] += `, ${BOOT_LOADERS[facts.platform.value.bootLoader]}`;
    const gpus = facts.passthrough.ok ? facts.passthrough.value.gpus : [];
    for (const { address, functions } of gpus) {
      const gpu = functions.find((device) => device.address === address);
      parts.push(gpu === undefined ? `GPU ${address}` : `GPU ${address} [${gpu.vendor}:${gpu.device}]`);
    }
    return { hostname, text: parts.join(' · ') };
  },
});

const BOOT_LOADERS = {
  grub: 'GRUB',
  'systemd-boot': 'systemd-boot',
  'kernel-install': 'kernel-install',
  uki: 'unified kernel image',
  refind: 'rEFInd',
  limine: 'Limine',
} as const;
