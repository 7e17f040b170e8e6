import type { DomainDocument } from '../../src/domain/document.ts';
import type { Qemu } from '../../src/facts/qemu.ts';
import type { Reading } from '../../src/host/reading.ts';

/** Major, minor, and what may follow. */
export type Version = readonly number[];

/** Is a version this one or a later one? What is left out is 0. */
export function isAtLeast(version: Version, wanted: Version): boolean {
  for (const [index, number] of wanted.entries()) {
    const difference = (version[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** `8.10` */
export function versionText(version: Version): string {
  return version.slice(0, 2).join('.');
}

/** The version of the emulator that a domain is started with: that of its path, or the distribution's. */
export function emulatorVersion({ system, others }: Qemu, { domain }: Pick<DomainDocument, 'domain'>): Reading<Version> {
  const own = others.find(({ path }) => path === domain.emulator);
  if (own !== undefined) return own.version;
  return system.state === 'ok' ? system.value.version : system;
}
