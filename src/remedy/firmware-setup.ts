import type { RemedyStep } from '../engine/outcome.ts';

export type FirmwareOption = 'virtualization' | 'iommu' | 'primary-display' | 'above-4g-decoding' | 'uefi-boot' | 'acs';
export type CpuVendor = 'intel' | 'amd' | null;

/** What to switch in the firmware setup, under the names that boards give it; `vendor` of the CPU, null when unknown. */
export function firmwareSetupSteps(option: FirmwareOption, vendor: CpuVendor): RemedyStep[] {
  return [{ text: `in the firmware setup (usually Del or F2 at power-on): ${SETTINGS[option](vendor)}`, reboot: true }];
}

const SETTINGS: Readonly<Record<FirmwareOption, (vendor: CpuVendor) => string>> = {
  virtualization: byVendor('enable "Intel Virtualization Technology" (VT-x)', 'enable "SVM Mode"'),
  iommu: byVendor('enable "VT-d" ("Intel VT for Directed I/O")', 'set "IOMMU" to Enabled (not Auto)'),
  'primary-display': byVendor(
    'set the primary or initial display to "IGFX", "CPU graphics" or the slot of the other card',
    'set the primary or initial display to "IGFX", "CPU graphics" or the slot of the other card',
  ),
  'above-4g-decoding': byVendor(
    'enable "Above 4G Decoding" and "Re-Size BAR Support"',
    'enable "Above 4G Decoding" and "Re-Size BAR Support"',
  ),
  'uefi-boot': byVendor(
    'disable "CSM" (legacy boot), then boot the system in UEFI mode',
    'disable "CSM" (legacy boot), then boot the system in UEFI mode',
  ),
  acs: byVendor(
    'enable "ACS" if the board offers it, or put the card into a slot of the CPU',
    'enable "ACS Enable" and "AER Cap", or put the card into a slot of the CPU',
  ),
};

function byVendor(intel: string, amd: string): (vendor: CpuVendor) => string {
  const either = intel === amd ? intel : `${intel} (Intel), ${amd} (AMD)`;
  return (vendor) => {
    if (vendor === null) return either;
    return vendor === 'intel' ? intel : amd;
  };
}
