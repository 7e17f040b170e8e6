import type { DomainDocument } from '../../src/domain/document.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { Libvirt } from '../../src/facts/libvirt.ts';
import type { Qemu } from '../../src/facts/qemu.ts';

/** Is a version older than another? Null: it is not known. */
export function isOlder(version: readonly number[] | null, than: readonly number[]): boolean | null {
  if (version === null) return null;
  for (const [index, wanted] of than.entries()) {
    const part = version[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

/** The version of the host's libvirt; null when it is not known. */
export function libvirtVersion(libvirt: Attempt<Libvirt>): readonly [number, number] | null {
  return libvirt.ok ? libvirt.value.version : null;
}

/** The version of the emulator that a definition names, of the host's own where it names none; null when it is not known. */
export function emulatorVersion({ domain }: Pick<DomainDocument, 'domain'>, qemu: Attempt<Qemu>): readonly number[] | null {
  if (!qemu.ok) return null;
  const { system, others } = qemu.value;
  const own = system.state === 'ok' ? [system.value] : [];
  const emulator = domain.emulator === null ? own[0] : [...own, ...others].find(({ path }) => path === domain.emulator);
  return emulator?.version.state === 'ok' ? emulator.version.value : null;
}
