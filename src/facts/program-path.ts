import { ABSENT, ok, type Reading } from '../host/reading.ts';
import type { HostSource } from '../host/source.ts';

/** Where distributions put programs; /run/current-system is NixOS, /usr/libexec has the emulator of RHEL. */
const FOLDERS = [
  '/usr/bin',
  '/usr/sbin',
  '/bin',
  '/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/run/current-system/sw/bin',
];

/**
 * The path of the first of these programs that is there; absent only when no folder has it. Not a search of the caller's
 * PATH: what is asked is whether the machine has it.
 */
export function findProgram(host: HostSource, names: readonly string[]): Reading<string> {
  let hidden: Reading<never> | undefined;
  for (const name of names) {
    for (const folder of FOLDERS) {
      const path = `${folder}/${name}`;
      const { state, ...rest } = host.stat(path);
      if (state === 'ok') return ok(path);
      if (state === 'unreadable' && 'reason' in rest) hidden ??= { state, reason: rest.reason, detail: rest.detail };
    }
  }
  return hidden ?? ABSENT;
}
