import type { Kernel, KernelParameter } from './kernel.ts';
import { configValue, type KernelConfig } from './kernel-config.ts';

type Words = Pick<Kernel, 'parameters'>;

/** The comma-separated parts of a value. The kernel compares their beginnings: `off-please` is `off`. */
export function switchParts(value: string | null): string[] {
  return (value ?? '').split(',').filter((part) => part !== '');
}

/** A parameter as one word of the command line. */
export function asWord({ name, value }: KernelParameter): string {
  return value === null ? name : `${name}=${value}`;
}

/** The last word of this name that says `on` or `off`. */
function lastSwitch(kernel: Words, name: string): { readonly word: string; readonly isOn: boolean } | null {
  const said = kernel.parameters.flatMap((parameter) => {
    if (parameter.name !== name) return [];
    const part = switchParts(parameter.value).findLast((text) => text.startsWith('on') || text.startsWith('off'));
    return part === undefined ? [] : [{ word: asWord(parameter), isOn: part.startsWith('on') }];
  });
  return said.at(-1) ?? null;
}

function wordWithOff(kernel: Words, name: string): string | null {
  const found = kernel.parameters.find((one) => one.name === name && switchParts(one.value).some((part) => part.startsWith('off')));
  return found === undefined ? null : asWord(found);
}

/**
 * The word of the command line that keeps the IOMMU off; null when there is none. Of `intel_iommu=on` and `off` the last
 * counts; `iommu=off` and `amd_iommu=off` cannot be taken back. `vendor` null: any word that could.
 * arch/x86/kernel/pci-dma.c, drivers/iommu/intel/iommu.c, drivers/iommu/amd/init.c
 */
export function iommuOffWord(kernel: Words, vendor: 'intel' | 'amd' | null): string | null {
  const intel = vendor === 'amd' ? null : lastSwitch(kernel, 'intel_iommu');
  const amd = vendor === 'intel' ? null : wordWithOff(kernel, 'amd_iommu');
  return wordWithOff(kernel, 'iommu') ?? (intel?.isOn === false ? intel.word : amd);
}

/** What `intel_iommu=` says in the end; null when it says neither on nor off. */
export function isIntelSwitchedOn(kernel: Words): boolean | null {
  return lastSwitch(kernel, 'intel_iommu')?.isOn ?? null;
}

/** The options of the build that turn Intel's IOMMU on by itself; the second one is Debian's. */
const INTEL_DEFAULTS = ['CONFIG_INTEL_IOMMU_DEFAULT_ON', 'CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF'];

/** Does this kernel use Intel's IOMMU without being told? */
export function isIntelOnByDefault(config: Pick<KernelConfig, 'text'>): boolean {
  return INTEL_DEFAULTS.some((key) => configValue(config, key) === 'y');
}

/**
 * The word of the command line that keeps interrupts from being remapped; null when there is none.
 * drivers/iommu/irq_remapping.c
 */
export function interruptRemappingOffWord(kernel: Words): string | null {
  const said = lastSwitch(kernel, 'intremap');
  if (said?.isOn === false) return said.word;
  const found = kernel.parameters.find(({ name }) => ['nointremap', 'noapic', 'nolapic', 'disableapic'].includes(name));
  return found === undefined ? null : asWord(found);
}
