import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import type { PciDevice } from './pci-devices.ts';

/** How the GPU was found, the strongest first. */
export type SelectionBasis = 'configured' | 'assigned' | 'bound' | 'named' | 'only-candidate';

export interface SelectedGpu {
  readonly address: string;
  /** Every function of its slot, itself included, sorted by address. */
  readonly functions: readonly PciDevice[];
  /** Domains that are given this GPU. */
  readonly domains: readonly string[];
  /** Every function that is assigned is assigned with `managed='yes'`, so that libvirt binds and unbinds. */
  readonly isManaged: boolean;
}

/** Which GPU is meant, and which devices go with it. */
export interface Passthrough {
  /** Empty when none was found or the choice is ambiguous. */
  readonly gpus: readonly SelectedGpu[];
  readonly basis: SelectionBasis | null;
  /** Where the basis was seen: `passcheck.yaml`, `/etc/modprobe.d/vfio.conf`, `virsh dumpxml win11` … */
  readonly source: string;
  /** Display devices that could be meant; more than one without a basis is a finding. */
  readonly candidates: readonly string[];
  /** What is asked for and is not there, or is no display device. */
  readonly problems: readonly string[];
  /** Addresses of everything that is passed: the functions of the GPUs, and what else their domains are given. Sorted. */
  readonly devices: readonly string[];
  /** What could not be looked at while choosing ("libvirt's domains: permission denied"). */
  readonly unseen: readonly string[];
}

export const passthrough = defineFact({
  id: 'passthrough',
  collect(): Passthrough {
    throw new FactError({ source: '/sys/bus/pci/devices', reason: 'not looked at yet' });
  },
});
