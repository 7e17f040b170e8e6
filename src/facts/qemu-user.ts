import type { GroupAccount } from './accounts.ts';
import type { Identity } from './caller.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';

/** The user that QEMU runs as under qemu:///system: `user` and `group` of qemu.conf, else the distribution's default. */
export interface QemuUser extends Identity {
  /** Where it was found: `/etc/libvirt/qemu.conf`, or the name of the default. */
  readonly source: string;
  /** Every group it belongs to, its own first. */
  readonly groups: readonly GroupAccount[];
}

/** Null: there is no such user on this host (libvirt is not installed). */
export const qemuUser = defineFact({
  id: 'qemuUser',
  collect(): QemuUser | null {
    throw new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'not looked at yet' });
  },
});
