import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { valueOf } from '../../test/judge.ts';
import { listArgv, listCommand } from '../libvirt/virsh.ts';
import { libvirtObjects } from './libvirt-objects.ts';

const READ_ONLY = listArgv('qemu:///system', false).join(' ');
const AS_ROOT = listArgv('qemu:///system', true).join(' ');
const status = (uid: number): string => `Pid:\t1\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\nGroups:\t\n`;

describe('libvirtObjects', () => {
  it('connects read-only unless it is root, so that polkit asks nobody for a password', async () => {
    const commands = { [READ_ONLY]: '==', [AS_ROOT]: '==' };
    const read = async (uid: number) => (await valueOf(libvirtObjects, { commands, files: { '/proc/self/status': status(uid) } })).source;
    expect(await read(1000)).toBe('virsh -r -c qemu:///system list --all');
    expect(await read(0)).toBe('virsh -c qemu:///system list --all');
    expect((await valueOf(libvirtObjects, { commands })).source).toBe(listCommand('qemu:///system', false));
  });

  it('tells apart that there is no virsh, that it gets no connection, and that it could not be asked', async () => {
    const stderr =
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/libvirt/libvirt-sock-ro': Permission denied\n";
    expect(await valueOf(libvirtObjects, {})).toMatchObject({ state: 'no-virsh' });
    expect(await valueOf(libvirtObjects, { commands: { [READ_ONLY]: { exitCode: 1, stdout: '==', stderr } } })).toMatchObject({
      state: 'unreachable',
      reason: "Failed to connect socket to '/run/libvirt/libvirt-sock-ro': Permission denied",
    });
    expect(await valueOf(libvirtObjects, { unreadable: { [READ_ONLY]: 'timed-out' } })).toMatchObject({ state: 'could-not-look' });
    expect(await valueOf(libvirtObjects, { unreadable: { [READ_ONLY]: 'not-recorded' } })).toMatchObject({
      state: 'could-not-look',
      hint: expect.stringContaining('passcheck snapshot'),
    });
  });

  it("asks for no session under sudo, where it would be root's", async () => {
    const host = { files: { '/proc/self/status': status(0) }, environment: { SUDO_UID: '1000', SUDO_GID: '1000' } };
    expect(await valueOf(libvirtObjects, host, aConfig({ connection: 'qemu:///session' }))).toMatchObject({ state: 'could-not-look' });
  });
});
