import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';

/** Steps that change the kernel command line for good: words to add (`intel_iommu=on`) and words to remove (`intremap=off`). */
export function kernelParameterSteps(
  platform: Platform,
  change: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
): RemedyStep[] {
  return [{ text: `${platform.name}: ${JSON.stringify(change)}`, reboot: true }];
}
