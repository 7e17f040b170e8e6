import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import type { FileStat } from '../host/source.ts';
import { KVM_DEVICE, kvmDevice } from './kvm-device.ts';

const files = {
  '/etc/os-release': 'ID=debian\n',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nlibvirt-qemu:x:64055:108::/var/lib/libvirt:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\nkvm:x:108:\nlibvirt-qemu:x:64055:libvirt-qemu\n',
};
const device = (given: Partial<FileStat>): MemoryHost => ({
  files,
  stats: { [KVM_DEVICE]: { kind: 'character-device', mode: 0o660, uid: 0, gid: 108, ...given } },
});

describe('kvmDevice', () => {
  it('is open to the QEMU user through the group kvm', async () => {
    expect((await valueOf(kvmDevice, device({}))).qemuMayUse).toEqual({ state: 'ok', value: { state: 'reachable' } });
  });

  it('is closed to the QEMU user when only root may open it, whatever the caller may', async () => {
    const value = await valueOf(kvmDevice, { ...device({ mode: 0o600, gid: 0 }), writable: [KVM_DEVICE] });
    expect(value.callerMayUse).toEqual({ state: 'ok', value: true });
    expect(value.qemuMayUse).toMatchObject({ value: { state: 'blocked', at: KVM_DEVICE } });
  });

  it('has no answer about a user that is not known', async () => {
    const value = await valueOf(kvmDevice, { ...device({}), unreadable: { '/etc/libvirt/qemu.conf': 'denied' } });
    expect(value.qemuMayUse).toMatchObject({ state: 'unreadable' });
  });

  it('is absent only when it was seen that it is', async () => {
    expect((await valueOf(kvmDevice, { files })).device.state).toBe('absent');
    expect((await valueOf(kvmDevice, { files, unreadable: { [KVM_DEVICE]: 'not-recorded' } })).device.state).toBe('unreadable');
  });
});
