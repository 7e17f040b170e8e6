import { HUGEPAGES, type HugepagePool } from '../../src/facts/hugepages.ts';
import { notApplicable, type Outcome } from '../../src/engine/outcome.ts';

/** Sizes of the hugepages of x86: 2 MiB and 1 GiB. */
export const X86_HUGEPAGES_KIB: readonly number[] = [2048, 1024 * 1024];

/** KiB for people: `8192 MiB`, or `1000 KiB` where it is no whole number of them. */
export function sizeWords(kib: number): string {
  return kib % 1024 === 0 ? `${kib / 1024} MiB` : `${kib} KiB`;
}

/** KiB rounded to MiB, for what is only about right. */
export function aboutMib(kib: number): string {
  return `${Math.round(kib / 1024)} MiB`;
}

/** A definition whose sizes libvirt refuses is told so by another rule. */
export function unreadableMemory(): Outcome {
  return notApplicable('how much memory the guest has cannot be read (domain/memory/sizes)');
}

/** `hugepages-2048kB` */
export function poolName({ sizeKiB }: Pick<HugepagePool, 'sizeKiB'>): string {
  return `hugepages-${sizeKiB}kB`;
}

/** Its folder in /sys. */
export function poolPath(pool: Pick<HugepagePool, 'sizeKiB'>): string {
  return `${HUGEPAGES}/${poolName(pool)}`;
}
