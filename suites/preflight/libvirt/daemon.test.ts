import { describe, expect, it } from 'vitest';

import { aConfig } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { MemoryHost } from '../../../src/host/memory.ts';
import { listArgv, listCommand } from '../../../src/libvirt/virsh.ts';
import check from './daemon.ts';

const LIST = listArgv('qemu:///system', false).join(' ');
const SHOWN = listCommand('qemu:///system', false);
const HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
const LISTENS = `${HEAD}0000000031da8d72: 00000002 00000000 00010000 0001 01 57128 /run/libvirt/libvirt-sock\n`;
const stats = { '/run/libvirt/libvirt-sock': { kind: 'socket', mode: 0o777 } } as const;
const debian = { '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' };
const installed = { ...debian, '/usr/sbin/libvirtd': '' };
const says = (reason: string): NonNullable<MemoryHost['commands']> => ({
  [LIST]: { exitCode: 1, stdout: '==', stderr: `error: failed to connect to the hypervisor\nerror: ${reason}\n` },
});
const GONE = "Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': No such file or directory";

describe(check.id, () => {
  it('passes when libvirt answers', async () => {
    expect(await judgeOne(check, { stats, files: installed, commands: { [LIST]: '==' } })).toMatchObject({
      status: 'pass',
      evidence: [{ source: SHOWN }, { source: '/run/libvirt/libvirt-sock', observed: 'monolithic libvirt' }],
    });
  });

  it('fails when it is installed and does not run, with the command that starts it', async () => {
    const files = { ...installed, '/proc/net/unix': HEAD };
    expect(await judgeOne(check, { files, commands: says(GONE) })).toMatchObject({
      status: 'fail',
      message: 'libvirtd is installed and does not run',
      evidence: [{ source: '/run/libvirt' }, { source: SHOWN, observed: GONE }, { source: '/usr/sbin/libvirtd' }],
      remedy: { steps: [{ run: expect.stringContaining('libvirtd') }] },
    });
  });

  it('fails when the socket was left behind by a dead daemon', async () => {
    const reason = "Failed to connect socket to '/run/libvirt/libvirt-sock-ro': Connection refused";
    const result = await judgeOne(check, { stats, files: { ...installed, '/proc/net/unix': HEAD }, commands: says(reason) });
    expect(result).toMatchObject({ status: 'fail', evidence: [{ observed: 'a socket that nobody listens on' }, {}, {}] });
  });

  it('names the line of qemu.conf that keeps libvirt from starting', async () => {
    const files = { ...installed, '/proc/net/unix': HEAD, '/etc/libvirt/qemu.conf': 'cgroup_device_acl = [\n "/dev/null", # why\n]\n' };
    const result = await judgeOne(check, { files, commands: says(GONE) });
    expect(result).toMatchObject({ status: 'fail', remedy: { summary: expect.stringContaining('Mend /etc/libvirt/qemu.conf:2') } });
  });

  it('never asks for libvirtd where virtqemud is installed', async () => {
    const files = { ...debian, '/usr/sbin/virtqemud': '', '/proc/net/unix': HEAD };
    const result = await judgeOne(check, { files });
    expect(result).toMatchObject({ status: 'fail', message: 'virtqemud is installed and does not run' });
    expect(JSON.stringify(result.remedy)).toContain('virtqemud.socket');
  });

  it('fails when libvirt is not installed', async () => {
    const result = await judgeOne(check, { files: { ...debian, '/proc/net/unix': HEAD } });
    expect(result).toMatchObject({
      status: 'fail',
      message: 'libvirt is not installed',
      evidence: [{ source: '/run/libvirt' }, { source: '/usr/sbin', observed: 'no libvirtd, no virtqemud' }],
      remedy: { steps: [{ run: expect.stringContaining('apt install') }] },
    });
  });

  it('starts libvirt after it was installed where the packages do not', async () => {
    const fedora = await judgeOne(check, { files: { '/etc/os-release': 'ID=fedora\n', '/proc/net/unix': HEAD } });
    expect(fedora.remedy?.steps).toMatchObject([
      { run: expect.stringContaining('dnf install') },
      { run: expect.stringContaining('virtqemud.socket') },
    ]);
    const debian12 = await judgeOne(check, { files: { ...debian, '/proc/net/unix': HEAD } });
    expect(debian12.remedy?.steps).toHaveLength(1);
  });

  it('passes without virsh when something listens on the socket', async () => {
    expect(await judgeOne(check, { stats, files: { ...installed, '/proc/net/unix': LISTENS } })).toMatchObject({
      status: 'pass',
      message: 'virsh is not installed',
    });
  });

  it('does not take a missing read-only socket for a daemon that does not run', async () => {
    const result = await judgeOne(check, { stats, files: { ...installed, '/proc/net/unix': LISTENS }, commands: says(GONE) });
    expect(result).toMatchObject({ status: 'pass', message: 'its read-only socket is missing' });
  });

  it('passes when it refuses this user, for that is another question', async () => {
    const files = { ...installed, '/proc/net/unix': LISTENS };
    const refusals = [
      "authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.monitor'",
      "Failed to connect socket to '/run/libvirt/libvirt-sock-ro': Permission denied",
      'internal error: Unable to get system bus connection: Could not connect: No such file or directory',
    ];
    for (const reason of refusals) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other reads better
      expect(await judgeOne(check, { stats, files, commands: says(reason) })).toMatchObject({ status: 'pass' });
    }
  });

  it('fails when it runs without its QEMU driver', async () => {
    const result = await judgeOne(check, { stats, files: installed, commands: says('no connection driver available for qemu:///system') });
    expect(result).toMatchObject({ status: 'fail', message: 'libvirt runs without its QEMU driver' });
  });

  it.each([
    ['virsh hangs', { unreadable: { [LIST]: 'timed-out' } }],
    ['virsh must not be run', { unreadable: { [LIST]: 'denied' } }],
    ['a snapshot does not hold it', { unreadable: { [LIST]: 'not-recorded' } }],
    ['virsh prints something else', { commands: { [LIST]: 'hello' } }],
    ['the daemon breaks off', { commands: says('End of file while reading data: Input/output error') }],
    [
      'the socket is closed and nobody knows who listens',
      { commands: says("Failed to connect socket to '/run/libvirt/libvirt-sock-ro': Permission denied") },
    ],
    ['there is no virsh and listeners are hidden', { unreadable: { '/proc/net/unix': 'denied' } }],
  ] satisfies [string, MemoryHost][])('does not pass when %s', async (_when, host) => {
    expect(await judgeOne(check, { stats, files: installed, ...host })).toMatchObject({ status: 'error' });
  });

  it("fails when a session's libvirt does not answer", async () => {
    const list = listArgv('qemu:///session', false).join(' ');
    const host: MemoryHost = {
      files: installed,
      commands: { [list]: { exitCode: 1, stdout: '', stderr: 'error: Cannot create user runtime directory\n' } },
    };
    expect(await judgeOne(check, host, aConfig({ connection: 'qemu:///session' }))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('Cannot create user runtime directory'),
    });
  });
});
