import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import type { FileStat } from '../host/source.ts';
import { defineFact } from './fact.ts';
import { type Reach, reachFile } from './file-access.ts';
import { qemuUser } from './qemu-user.ts';

export const KVM_DEVICE = '/dev/kvm';

/** The device that QEMU opens to run a guest on the processor itself. */
export interface KvmDevice {
  readonly device: Reading<FileStat>;
  /** May whoever runs passcheck open it, access control lists included? */
  readonly callerMayUse: Reading<boolean>;
  /**
   * May the user of qemu:///system open it? libvirt makes the device anew for each guest, with the mode, the owner and the
   * list of this one, and changes neither. Absent: there is no such user; unreadable: it is not known.
   */
  readonly qemuMayUse: Reading<Reach>;
}

/** /dev/kvm: what it is and who may open it. */
export const kvmDevice = defineFact({
  id: 'kvmDevice',
  wants: { qemuUser },
  async collect(host, facts): Promise<KvmDevice> {
    const device = host.stat(KVM_DEVICE);
    const callerMayUse = host.writable(KVM_DEVICE);
    if (!facts.qemuUser.ok) return { device, callerMayUse, qemuMayUse: unreadable('failed', facts.qemuUser.error.message) };
    const user = facts.qemuUser.value;
    if (user === null || device.state !== 'ok') return { device, callerMayUse, qemuMayUse: ABSENT };
    const who = { uid: user.uid, gids: user.groups.map(({ gid }) => gid) };
    return { device, callerMayUse, qemuMayUse: ok(await reachFile(host, KVM_DEVICE, who, ['read', 'write'])) };
  },
});
