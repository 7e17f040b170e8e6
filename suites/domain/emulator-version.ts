import type { DomainDocument } from '../../src/domain/document.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { EMULATORS_FOLDER, type Qemu, type QemuVersion } from '../../src/facts/qemu.ts';

/**
 * The version of the QEMU that a domain is started with; null when it is not known. A path of the distribution that was not
 * looked at by itself (`/usr/bin/kvm`) is another name of its QEMU; what somebody built elsewhere is not.
 */
export function emulatorVersion({ domain }: Pick<DomainDocument, 'domain'>, qemu: Attempt<Qemu>): QemuVersion | null {
  if (!qemu.ok) return null;
  const { system, others } = qemu.value;
  const own = system.state === 'ok' ? system.value : undefined;
  const path = domain.emulator ?? own?.path ?? '';
  const named = [...others, ...(own === undefined ? [] : [own])].find((emulator) => emulator.path === path);
  const emulator = named ?? (isOfDistribution(path) ? own : undefined);
  return emulator?.version.state === 'ok' ? emulator.version.value : null;
}

function isOfDistribution(path: string): boolean {
  return EMULATORS_FOLDER.test(path) && !path.startsWith('/usr/local/');
}
