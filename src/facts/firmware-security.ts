import { ABSENT, mapReading, ok, type Reading, unreadable } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { readAttribute } from './read.ts';

/** Kernel lockdown; `none` is also the state of a kernel that was built without it. */
export type Lockdown = 'none' | 'integrity' | 'confidentiality';

/** How the machine was booted, and what the kernel refuses because of it. Each part can be hidden on its own. */
export interface BootSecurity {
  /** Booted through UEFI, not through a BIOS or its emulation (CSM). */
  readonly isUefi: Reading<boolean>;
  /** The firmware checks signatures. Absent: the firmware has no such variable. */
  readonly secureBoot: Reading<boolean>;
  /** No platform key is enrolled: the firmware checks nothing, whatever `secureBoot` says. */
  readonly setupMode: Reading<boolean>;
  readonly lockdown: Reading<Lockdown>;
  /** Modules without a valid signature are refused, with or without lockdown. Absent: the kernel does not know signatures. */
  readonly requiresSignedModules: Reading<boolean>;
  /** Security modules in force, in their order. Absent: the kernel has none. */
  readonly securityModules: Reading<readonly string[]>;
  /** Absent: SELinux is not in force. */
  readonly selinux: Reading<'enforcing' | 'permissive'>;
  /** Absent: the kernel has no AppArmor. */
  readonly isAppArmorEnabled: Reading<boolean>;
}

export const EFI_FOLDER = '/sys/firmware/efi';
export const LOCKDOWN_PATH = '/sys/kernel/security/lockdown';
export const SECURE_BOOT_PATH = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
export const SIGNATURES_PATH = '/sys/module/module/parameters/sig_enforce';
const SETUP_MODE_PATH = '/sys/firmware/efi/efivars/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c';
const SECURITY = '/sys/kernel/security';
const LOCKDOWNS: readonly Lockdown[] = ['none', 'integrity', 'confidentiality'];

export const bootSecurity = defineFact({
  id: 'bootSecurity',
  collect(host): BootSecurity {
    return {
      isUefi: unlessMasked(host, '/sys/firmware', existence(host, EFI_FOLDER)),
      secureBoot: efiBoolean(host, SECURE_BOOT_PATH),
      setupMode: efiBoolean(host, SETUP_MODE_PATH),
      lockdown: unlessMasked(host, SECURITY, readLockdown(host)),
      requiresSignedModules: mapReading(readAttribute(host, SIGNATURES_PATH), (value) => value === 'Y' || value === '1'),
      securityModules: unlessMasked(
        host,
        SECURITY,
        mapReading(readAttribute(host, `${SECURITY}/lsm`), (value) => (value === '' ? [] : value.split(','))),
      ),
      selinux: mapReading(readAttribute(host, '/sys/fs/selinux/enforce'), (value) => (value === '1' ? 'enforcing' : 'permissive')),
      isAppArmorEnabled: mapReading(readAttribute(host, '/sys/module/apparmor/parameters/enabled'), (value) => value === 'Y'),
    };
  },
});

/**
 * Does the firmware check signatures? Null: not known. Without the variable it is not known either: efivarfs may not be mounted.
 * A BIOS checks none.
 */
export function isSecureBootOn({ isUefi, secureBoot, setupMode }: BootSecurity): boolean | null {
  if (isUefi.state === 'ok' && !isUefi.value) return false;
  if (secureBoot.state !== 'ok') return null;
  return secureBoot.value && !(setupMode.state === 'ok' && setupMode.value);
}

/** Why nothing says whether a machine that was booted through UEFI has Secure Boot. */
export const NO_SECURE_BOOT_VARIABLE = 'not there: efivarfs is not mounted, or the firmware has no Secure Boot';

function existence(host: HostSource, path: string): Reading<boolean> {
  const stat = host.stat(path);
  return stat.state === 'absent' ? ok(false) : mapReading(stat, () => true);
}

/** `none [integrity] confidentiality`, the brackets around the one in force. */
function readLockdown(host: HostSource): Reading<Lockdown> {
  const text = readAttribute(host, LOCKDOWN_PATH);
  if (text.state === 'absent') return ok('none');
  if (text.state !== 'ok') return text;
  const mode = LOCKDOWNS.find((word) => text.value.includes(`[${word}]`));
  return mode === undefined ? unreadable('failed', 'no mode of lockdown in it') : ok(mode);
}

/**
 * Containers hide /sys/firmware, and securityfs can be not mounted; both leave an empty folder, in which nothing being
 * there means nothing.
 */
function unlessMasked<T>(host: HostSource, folder: string, reading: Reading<T>): Reading<T> {
  if (reading.state === 'unreadable') return reading;
  const names = host.list(folder);
  if (names.state === 'unreadable') return names;
  const isMasked = names.state === 'absent' || names.value.length === 0;
  return isMasked ? unreadable('failed', `${folder} is empty: hidden by a container, or not mounted`) : reading;
}

/** efivarfs gives four bytes of attributes, then the value. https://docs.kernel.org/filesystems/efivarfs.html */
function efiBoolean(host: HostSource, path: string): Reading<boolean> {
  const bytes = host.read(path, 4096);
  if (bytes.state !== 'ok') return bytes;
  const value = bytes.value[4];
  return value === undefined ? ABSENT : ok(value === 1);
}
