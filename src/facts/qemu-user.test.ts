import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { qemuUser } from './qemu-user.ts';

const CONF = '/etc/libvirt/qemu.conf';
const FOLDER = '/var/lib/libvirt/qemu';
const debian = {
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/sh\nlibvirt-qemu:x:64055:108:Libvirt Qemu,,,:/var/lib/libvirt:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\nalice:x:1000:\ninput:x:104:libvirt-qemu\nkvm:x:108:\nlibvirt-qemu:x:64055:libvirt-qemu\n',
};
const host = (conf: string, more: MemoryHost = {}): MemoryHost => ({ ...more, files: { ...debian, [CONF]: conf, ...more.files } });
const names = (groups: readonly { name: string }[]): string[] => groups.map(({ name }) => name);
const status = (uid: number): string => `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\nGroups:\t\n`;

describe('qemuUser', () => {
  it('is the default of the distribution when qemu.conf sets none, in all groups of that user', async () => {
    const user = await valueOf(qemuUser, host('#user = "root"\n'));
    expect(user).toMatchObject({ name: 'libvirt-qemu', uid: 64055 });
    expect(names(user?.groups ?? []).toSorted()).toEqual(['input', 'kvm', 'libvirt-qemu']);
  });

  it('is what qemu.conf says', async () => {
    const user = await valueOf(qemuUser, host('user = "alice"\ngroup = "kvm"\n'));
    expect(user).toMatchObject({ name: 'alice', uid: 1000, gid: 108, source: CONF });
    expect(names(user?.groups ?? [])).toEqual(['kvm', 'alice']);
  });

  it.each([
    ['"+0"', 0, 'root'],
    ['"64055"', 64055, 'libvirt-qemu'],
    ['"4711"', 4711, null],
  ])('takes the number %s', async (text, uid, name) => {
    expect(await valueOf(qemuUser, host(`user = ${text}\ngroup = ${text}\n`))).toMatchObject({ uid, name, gid: uid });
  });

  it('is an error when qemu.conf names a user that the files do not have', async () => {
    const attempt = await collect(qemuUser, host('user = "ghost"\n'));
    expect(attempt).toMatchObject({ ok: false, error: { source: CONF, hint: expect.stringContaining('getent passwd ghost') } });
  });

  it('is the owner of the folder that libvirt hands to QEMU when qemu.conf is hidden', async () => {
    const stats = { [FOLDER]: { kind: 'directory', uid: 64055, gid: 64055, mode: 0o750 } } as const;
    const user = await valueOf(qemuUser, { files: debian, unreadable: { [CONF]: 'denied' }, stats });
    expect(user).toMatchObject({ name: 'libvirt-qemu', uid: 64055, source: `owner of ${FOLDER}` });
    expect(names(user?.groups ?? [])).toContain('kvm');
  });

  it.each(['denied', 'not-recorded'] as const)('is an error when qemu.conf is %s and nothing else tells', async (reason) => {
    const attempt = await collect(qemuUser, { files: debian, unreadable: { [CONF]: reason } });
    expect(attempt).toMatchObject({ ok: false, error: { source: CONF } });
  });

  it('is the user behind sudo, or the caller, under qemu:///session', async () => {
    const config = aConfig({ connection: 'qemu:///session' });
    const asUser = { files: { ...debian, '/proc/self/status': status(1000) } };
    expect(await valueOf(qemuUser, asUser, config)).toMatchObject({ name: 'alice', source: 'qemu:///session' });
    const environment = { SUDO_UID: '1000', SUDO_GID: '1000' };
    expect(await valueOf(qemuUser, { files: { ...debian, '/proc/self/status': status(0) }, environment }, config)).toMatchObject({
      name: 'alice',
    });
    expect(await collect(qemuUser, { files: debian }, config)).toMatchObject({ ok: false, error: { source: '/proc/self/status' } });
  });

  it('is nobody on a host without libvirt', async () => {
    const files = { '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n', '/etc/group': 'root:x:0:\n' };
    expect(await valueOf(qemuUser, { files })).toBeNull();
  });
});
