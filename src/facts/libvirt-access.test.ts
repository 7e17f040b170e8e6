import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { libvirtAccess } from './libvirt-access.ts';

const SOCKET = '/run/libvirt/virtqemud-sock';
const ARGV = 'pkcheck --action-id org.libvirt.unix.manage --process 812';
const status = (uid: number): string =>
  `Pid:\t812\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\nGroups:\t\n`;
const host = (given: MemoryHost = {}): MemoryHost => ({
  stats: { [SOCKET]: { kind: 'socket', mode: 0o666 } },
  writable: [SOCKET],
  ...given,
  files: { '/proc/self/status': status(1000), '/usr/share/polkit-1/actions/org.libvirt.unix.policy': '', ...given.files },
});

describe('libvirtAccess', () => {
  it('asks polkit about its own process, without a dialogue', async () => {
    expect(await valueOf(libvirtAccess, host({ commands: { [ARGV]: '' } }))).toMatchObject({
      callerMayWrite: { value: true },
      pkcheck: { value: { argv: ARGV, isAuthorized: true } },
    });
    const stdout = 'polkit.retains_authorization_after_challenge=1\n';
    const refused = { exitCode: 2, stdout, stderr: 'Authorization requires authentication but no agent is available.\n' };
    expect(await valueOf(libvirtAccess, host({ commands: { [ARGV]: refused } }))).toMatchObject({
      pkcheck: { value: { isAuthorized: false, answer: 'not without a password' } },
    });
  });

  it('has no answer when polkit does not run', async () => {
    const stderr = 'Error getting authority: Error initializing authority: Could not connect: No such file or directory\n';
    const value = await valueOf(libvirtAccess, host({ commands: { [ARGV]: { exitCode: 127, stdout: '', stderr } } }));
    expect(value.pkcheck).toMatchObject({
      state: 'unreadable',
      detail: 'polkit does not answer: Could not connect: No such file or directory',
    });
  });

  it('does not ask for root, whom polkit lets do everything', async () => {
    const value = await valueOf(libvirtAccess, host({ files: { '/proc/self/status': status(0) }, commands: { [ARGV]: '' } }));
    expect(value.pkcheck.state).toBe('absent');
  });

  it('asks about the process that started sudo', async () => {
    const files = { '/proc/self/status': `PPid:\t700\n${status(0)}`, '/proc/700/status': status(1000) };
    const argv = ARGV.replace('812', '700');
    const environment = { SUDO_UID: '1000', SUDO_GID: '1000', SUDO_USER: 'alice' };
    const value = await valueOf(libvirtAccess, host({ files, environment, commands: { [argv]: '' } }));
    expect(value.pkcheck).toMatchObject({ value: { argv, isAuthorized: true } });
  });

  it('reads the authentication of the daemon that has the socket', async () => {
    const files = { '/etc/libvirt/virtqemud.conf': 'auth_unix_rw = "none"\n', '/etc/libvirt/libvirtd.conf': 'auth_unix_rw = "polkit"\n' };
    expect((await valueOf(libvirtAccess, host({ files }))).authentication).toEqual({ state: 'ok', value: 'none' });
    expect((await valueOf(libvirtAccess, host({ unreadable: { '/etc/libvirt/virtqemud.conf': 'denied' } }))).authentication.state).toBe(
      'unreadable',
    );
  });

  it('names the rules that it could not read', async () => {
    const value = await valueOf(libvirtAccess, host({ unreadable: { '/etc/polkit-1/rules.d': 'denied' } }));
    expect(value.polkit.hidden).toEqual(['/etc/polkit-1/rules.d']);
  });
});
