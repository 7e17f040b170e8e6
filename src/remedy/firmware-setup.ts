import type { RemedyStep } from '../engine/outcome.ts';

export type FirmwareOption = 'virtualization' | 'iommu' | 'primary-display' | 'above-4g-decoding' | 'uefi-boot' | 'acs';

/** What to switch in the firmware setup, under the names that boards give it; `vendor` of the CPU, null when unknown. */
export function firmwareSetupSteps(option: FirmwareOption, vendor: 'intel' | 'amd' | null): RemedyStep[] {
  return [{ text: `${option} ${vendor ?? ''}`, reboot: true }];
}
