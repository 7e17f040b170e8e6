import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import type { FileStat, HostSource } from '../host/source.ts';
import { confList } from '../libvirt/conf.ts';
import type { Attempt } from './fact.ts';
import type { QemuConf } from './qemu-conf.ts';
import type { SecurityModules } from './security-modules.ts';

/** What SELinux knows of a file that a confined QEMU is to open. */
export interface MemoryLabel {
  /** `system_u:object_r:tmpfs_t:s0`; absent: the file is not there. */
  readonly context: Reading<string>;
  /** False: `security_driver` of qemu.conf leaves QEMU unconfined. Unreadable: qemu.conf is hidden. */
  readonly isConfined: Reading<boolean>;
  /** A module of the administrator is named after Looking Glass, and may allow anything. */
  readonly hasLocalModule: boolean;
}

/** Absent where SELinux does not enforce. */
export async function readMemoryLabel(
  host: HostSource,
  file: { readonly path: string; readonly stat: Reading<FileStat> },
  modules: Attempt<SecurityModules>,
  conf: Attempt<QemuConf>,
): Promise<Reading<MemoryLabel>> {
  if (!modules.ok) return unreadable('failed', modules.error.reason);
  const { seLinux } = modules.value;
  if (seLinux.state !== 'ok') return seLinux;
  const { isEnforcing, localModules } = seLinux.value;
  if (!isEnforcing) return ABSENT;
  const drivers = conf.ok ? confList(conf.value, 'security_driver') : null;
  return ok({
    context: file.stat.state === 'ok' ? await contextOf(host, file.path) : file.stat,
    isConfined: conf.ok ? ok(drivers === null || drivers.includes('selinux')) : unreadable('denied', conf.error.reason),
    hasLocalModule: localModules.state === 'ok' && localModules.value.some((name) => /looking.?glass/i.test(name)),
  });
}

async function contextOf(host: HostSource, path: string): Promise<Reading<string>> {
  const result = await host.run(['stat', '--format=%C', '--', path]);
  if (result.state !== 'ok') return result.state === 'absent' ? unreadable('failed', 'stat is not installed') : result;
  const context = result.value.stdout.trim();
  return /^[\w.-]+:[\w.-]+:[\w.-]+/.test(context.slice(0, 200)) ? ok(context.slice(0, 200)) : unreadable('failed', 'no label was shown');
}
