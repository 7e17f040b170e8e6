import { config } from './config.ts';
import { domains } from './domains.ts';
import { defineFact } from './fact.ts';
import { selectGpus } from './gpu-selection.ts';
import { kernel } from './kernel.ts';
import { EMPTY_MODPROBE_CONFIG, modprobeConfig } from './modprobe-config.ts';
import { pciDevices, type PciDevice } from './pci-devices.ts';
import { vfioPciIds } from './vfio-pci-ids.ts';

/** How the GPU was found, the strongest first. */
export type SelectionBasis = 'configured' | 'assigned' | 'bound' | 'named' | 'only-candidate';

export interface SelectedGpu {
  readonly address: string;
  /**
   * Every function of its slot, itself included, sorted by address; only its own for a virtual function and for AMD's
   * integrated graphics, whose slot holds devices of the host.
   */
  readonly functions: readonly PciDevice[];
  /** Domains that are given this GPU. */
  readonly domains: readonly string[];
  /** Every function that is assigned is assigned with `managed='yes'`, so that libvirt binds and unbinds. */
  readonly isManaged: boolean;
  /** Why it is meant, for people: `bound to vfio-pci`, `assigned to win11`. */
  readonly reasons: readonly string[];
}

/** Which GPU is meant, and which devices go with it. */
export interface Passthrough {
  /** Empty when none was found or the choice is ambiguous. */
  readonly gpus: readonly SelectedGpu[];
  readonly basis: SelectionBasis | null;
  /** Where the basis was seen: `passcheck.yaml`, `/etc/modprobe.d/vfio.conf:1`, `virsh dumpxml win11` …; several joined by commas. */
  readonly source: string;
  /** Display devices that could be meant; more than one without a basis is a finding. */
  readonly candidates: readonly string[];
  /** What is asked for and is not there, or is no display device. */
  readonly problems: readonly string[];
  /** Addresses of everything that is passed: the functions of the GPUs, and what else their domains are given. Sorted. */
  readonly devices: readonly string[];
  /** What could not be looked at while choosing ("virsh: permission denied"). */
  readonly unseen: readonly string[];
}

/** Which GPU is meant: by `passcheck.yaml`, by domains, drivers and module options, or because there is no other. */
export const passthrough = defineFact({
  id: 'passthrough',
  needs: { pciDevices, config },
  wants: { domains, modprobeConfig, kernel },
  collect(_host, facts): Passthrough {
    const options = facts.modprobeConfig.ok ? facts.modprobeConfig.value : EMPTY_MODPROBE_CONFIG;
    const commandLine = facts.kernel.ok ? facts.kernel.value : { parameters: [] };
    return selectGpus({
      devices: facts.pciDevices,
      config: facts.config,
      domains: facts.domains.ok ? facts.domains.value : [],
      ids: vfioPciIds(options, commandLine),
      unseen: [
        ...[facts.domains, facts.modprobeConfig, facts.kernel].flatMap((attempt) =>
          attempt.ok ? [] : [`${attempt.error.source}: ${attempt.error.reason}`],
        ),
        ...options.unread.map(({ source, reason }) => `${source}: ${reason}`),
      ],
    });
  },
});

/** The selected GPUs with their graphics function, in the order of their addresses. */
export function selectedDevices({ gpus }: Pick<Passthrough, 'gpus'>): readonly { readonly gpu: SelectedGpu; readonly device: PciDevice }[] {
  return gpus.flatMap((gpu) => {
    const device = gpu.functions.find(({ address }) => address === gpu.address);
    return device === undefined ? [] : [{ gpu, device }];
  });
}
