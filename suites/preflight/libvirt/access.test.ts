import { describe, expect, it } from 'vitest';

import { aConfig } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { MemoryHost } from '../../../src/host/memory.ts';
import { listArgv } from '../../../src/libvirt/virsh.ts';
import check from './access.ts';

const SOCKET = '/run/libvirt/libvirt-sock';
const RULES = '/usr/share/polkit-1/rules.d/50-libvirt.rules';
const PKCHECK = 'pkcheck --action-id org.libvirt.unix.manage --process 812';
const status = (uid: number, groups: string): string =>
  `Pid:\t812\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\nGroups:\t${groups} \n`;
const base = {
  '/etc/os-release': 'ID=fedora\n',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n',
  '/etc/group': 'root:x:0:\nlibvirt:x:107:bob\nalice:x:1000:\n',
};
const member = { ...base, '/etc/group': 'root:x:0:\nlibvirt:x:107:alice\nalice:x:1000:\n' };
const polkit = {
  '/usr/share/polkit-1/actions/org.libvirt.unix.policy': '',
  [RULES]:
    'polkit.addRule(function(action, subject) {\n if (action.id == "org.libvirt.unix.manage" && subject.isInGroup("libvirt")) {\n return polkit.Result.YES; } });\n',
};
const socket = (mode: number, gid = 0) => ({ [SOCKET]: { kind: 'socket', mode, uid: 0, gid } }) as const;
const alice = (groups = '1000') => ({ '/proc/self/status': status(1000, groups) });
const sudo: MemoryHost = { environment: { SUDO_UID: '1000', SUDO_GID: '1000', SUDO_USER: 'alice' } };
const root = { '/proc/self/status': status(0, '0') };
const says = (exitCode: number): NonNullable<MemoryHost['commands']> => ({
  [PKCHECK]: { exitCode, stdout: '', stderr: exitCode === 0 ? '' : 'Not authorized.\n' },
});

describe(`${check.id} behind a closed socket (group libvirt, mode 0770)`, () => {
  const stats = socket(0o770, 107);

  it('passes for a member', async () => {
    const host = { stats, files: { ...member, ...alice('107 1000') }, writable: [SOCKET] };
    expect(await judgeOne(check, host)).toMatchObject({ status: 'pass', evidence: [{ source: SOCKET }] });
  });

  it('fails for another user, with the command that mends it', async () => {
    expect(await judgeOne(check, { stats, files: { ...base, ...alice() } })).toMatchObject({
      status: 'fail',
      message: 'alice may not manage VMs without sudo or a password',
      evidence: [{ source: SOCKET, observed: 'mode 0770, uid 0, gid 107', expected: 'writable for alice' }],
      remedy: { steps: [{ run: expect.stringContaining('libvirt alice') }, {}] },
    });
  });

  it('says that a login is missing when the membership is not in effect', async () => {
    expect(await judgeOne(check, { stats, files: { ...member, ...alice() } })).toMatchObject({
      status: 'fail',
      message: 'alice may not manage VMs yet',
      remedy: { summary: expect.stringContaining('Log out and in again') },
    });
  });
});

describe(`${check.id} behind polkit (mode 0777)`, () => {
  const stats = socket(0o777);
  const files = { ...base, ...polkit, ...alice() };

  it("takes polkit's own answer", async () => {
    expect(await judgeOne(check, { stats, files, writable: [SOCKET], commands: says(0) })).toMatchObject({
      status: 'pass',
      evidence: [{ source: PKCHECK, observed: 'authorized' }, {}],
    });
    expect(await judgeOne(check, { stats, files, writable: [SOCKET], commands: says(2) })).toMatchObject({
      status: 'fail',
      evidence: [{ source: PKCHECK, observed: 'not without a password', expected: 'authorized' }],
    });
  });

  it('reads the rules where pkcheck is not installed', async () => {
    const inGroup = { ...files, ...alice('107 1000'), '/etc/group': member['/etc/group'] };
    expect(await judgeOne(check, { stats, files: inGroup, writable: [SOCKET] })).toMatchObject({ status: 'pass' });
    expect(await judgeOne(check, { stats, files, writable: [SOCKET] })).toMatchObject({ status: 'fail' });
  });

  it('does not judge rules that it cannot read', async () => {
    const host = { stats, files, writable: [SOCKET], unreadable: { '/etc/polkit-1/rules.d': 'denied' } } as const;
    expect(await judgeOne(check, host)).toMatchObject({ status: 'error', evidence: [{ source: '/etc/polkit-1/rules.d' }] });
  });

  it('passes where libvirt asks for no authentication', async () => {
    const open = { ...files, '/etc/libvirt/libvirtd.conf': 'auth_unix_rw = "none"\n' };
    expect(await judgeOne(check, { stats, files: open, writable: [SOCKET] })).toMatchObject({ status: 'pass' });
  });
});

describe(`${check.id} as root`, () => {
  it('passes for root itself and says that it was root', async () => {
    const result = await judgeOne(check, { files: { ...base, ...root } });
    expect(result).toMatchObject({ status: 'pass', message: 'passcheck ran as root, who may always' });
  });

  it('judges the user behind sudo, because root proves nothing', async () => {
    const host = { ...sudo, stats: socket(0o770, 107), writable: [SOCKET] };
    expect(await judgeOne(check, { ...host, files: { ...base, ...root } })).toMatchObject({ status: 'fail' });
    expect(await judgeOne(check, { ...host, files: { ...member, ...root } })).toMatchObject({ status: 'pass' });
  });

  it('judges the user behind sudo by the rules of polkit', async () => {
    const host = { ...sudo, stats: socket(0o777), writable: [SOCKET] };
    expect(await judgeOne(check, { ...host, files: { ...base, ...polkit, ...root } })).toMatchObject({ status: 'fail' });
    expect(await judgeOne(check, { ...host, files: { ...member, ...polkit, ...root } })).toMatchObject({ status: 'pass' });
  });

  it('judges the groups in effect of the shell that sudo was started from, not those of the next login', async () => {
    const process = { '/proc/self/status': `PPid:\t700\n${root['/proc/self/status']}`, '/proc/700/status': status(1000, '1000') };
    const host = { ...sudo, writable: [SOCKET] };
    const pending = { status: 'fail', message: 'alice may not manage VMs yet' };
    expect(await judgeOne(check, { ...host, stats: socket(0o770, 107), files: { ...member, ...process } })).toMatchObject(pending);
    const commands = { [PKCHECK.replace('812', '700')]: { exitCode: 2, stdout: '', stderr: '' } };
    const files = { ...member, ...polkit, ...process };
    expect(await judgeOne(check, { ...host, stats: socket(0o777), files, commands })).toMatchObject(pending);
  });

  it('does not say that rules let in a group when it found no rule (polkit before 0.106 has others)', async () => {
    const files = { ...member, ...root, '/usr/share/polkit-1/actions/org.libvirt.unix.policy': '' };
    expect(await judgeOne(check, { ...sudo, stats: socket(0o777), writable: [SOCKET], files })).toMatchObject({ status: 'error' });
  });

  it('does not guess about a user behind sudo whose groups are hidden', async () => {
    const host: MemoryHost = {
      ...sudo,
      stats: socket(0o770, 107),
      files: root,
      unreadable: { '/etc/group': 'not-recorded', '/etc/passwd': 'not-recorded' },
    };
    expect(await judgeOne(check, host)).toMatchObject({ status: 'error' });
  });
});

describe(check.id, () => {
  it('waits for a libvirt that runs', async () => {
    expect(await judgeOne(check, { files: { ...base, ...alice() } })).toMatchObject({
      status: 'error',
      remedy: { summary: expect.stringContaining('daemon') },
    });
  });

  it('does not pass when the socket was not recorded', async () => {
    const unreadable = { [SOCKET]: 'not-recorded' } as const;
    expect(await judgeOne(check, { files: { ...base, ...alice() }, unreadable })).toMatchObject({ status: 'error' });
  });

  it('needs no right for a session that answers', async () => {
    const config = aConfig({ connection: 'qemu:///session' });
    const list = listArgv('qemu:///session', false).join(' ');
    expect(await judgeOne(check, { files: { ...base, ...alice() }, commands: { [list]: '==' } }, config)).toMatchObject({ status: 'pass' });
    expect(await judgeOne(check, { files: { ...base, ...alice() }, unreadable: { [list]: 'timed-out' } }, config)).toMatchObject({
      status: 'error',
    });
  });
});
