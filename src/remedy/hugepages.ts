import type { RemedyStep } from '../engine/outcome.ts';
import type { Platform } from '../facts/platform.ts';

/** Steps that reserve hugepages for good: `count` pages of `sizeKiB`, on one NUMA node or (null) wherever. */
export function hugepageSteps(
  platform: Platform,
  reserve: { readonly sizeKiB: number; readonly count: number; readonly node: number | null },
): RemedyStep[] {
  return [{ text: `${platform.name}: ${JSON.stringify(reserve)}` }];
}

/** Steps that mount hugetlbfs for a page size. */
export function hugepageMountSteps(platform: Platform, sizeKiB: number): RemedyStep[] {
  return [{ text: `${platform.name}: ${sizeKiB}` }];
}
