import { mapReading, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { optional, readAttribute } from './read.ts';

/** Which modules let VMs start though interrupts are not remapped. */
export interface UnsafeInterrupts {
  /** Files of loaded modules that say yes. */
  readonly inForce: readonly string[];
  /** Files of loaded modules that say no. */
  readonly refused: readonly string[];
}

/** VFIO's two ways to an IOMMU: the old container and iommufd. */
export const UNSAFE_MODULES = ['vfio_iommu_type1', 'iommufd'] as const;

/** `allow_unsafe_interrupts` of the modules that are loaded. */
export const unsafeInterrupts = defineFact({
  id: 'unsafeInterrupts',
  collect(host): UnsafeInterrupts {
    const files = UNSAFE_MODULES.flatMap((module) => {
      const path = `/sys/module/${module}/parameters/allow_unsafe_interrupts`;
      const value = optional(path, readSwitch(host, path));
      return value === null ? [] : [{ path, value }];
    });
    return {
      inForce: files.filter(({ value }) => value).map(({ path }) => path),
      refused: files.filter(({ value }) => !value).map(({ path }) => path),
    };
  },
});

function readSwitch(host: HostSource, path: string): Reading<boolean> {
  return mapReading(readAttribute(host, path), (text) => ['Y', 'y', '1'].includes(text));
}
