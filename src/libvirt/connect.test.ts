import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ABSENT, type Reading, unreadable } from '../host/reading.ts';
import { connect } from './connect.ts';
import { ConnectionError } from './connection.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'passcheck-connect-'))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** Puts a virsh before all others. */
function virsh(script: string, mode = 0o755): void {
  writeFileSync(join(folder, 'virsh'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'virsh'), mode);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
}

async function complaint(timeoutMs = 20_000): Promise<ConnectionError> {
  const error: unknown = await connect('qemu:///system')
    .run(['list'], { timeoutMs })
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof ConnectionError)) throw new Error('it did not complain', { cause: error });
  return error;
}

/** A virsh that gets no connection. */
function says(reason: string): void {
  virsh(`echo "error: failed to connect to the hypervisor" >&2; echo "error: ${reason}" >&2; exit 1`);
}

/** What becomes of a connection whose virsh gives this. */
const answers = (reading: Reading<never>): Promise<unknown> => connect('qemu:///system', () => Promise.resolve(reading)).run(['list']);

describe('connect', () => {
  it('gives each word to virsh as it is, and no terminal to ask on', async () => {
    virsh('printf "%s|" "$@"; cat; echo "$LC_ALL"');
    const words = ['define', '/tmp/$(id) "x".xml'];
    expect(await connect('qemu:///session').run(words)).toEqual({
      exitCode: 0,
      stdout: '-q|-c|qemu:///session|define|/tmp/$(id) "x".xml|C\n',
      stderr: '',
    });
  });

  it('takes a no of libvirt for an answer', async () => {
    virsh('echo "error: failed to get domain \'x\'" >&2; exit 1');
    expect(await connect('qemu:///system').run(['domstate', 'x'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: "error: failed to get domain 'x'\n",
    });
  });

  it('says how to start libvirt, to be let in, and to install its driver', async () => {
    says("Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory");
    expect(await complaint()).toMatchObject({
      message: "qemu:///system does not answer: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
      hint: expect.stringContaining('systemctl enable --now libvirtd.service'),
    });
    says("Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied");
    expect((await complaint()).hint).toContain('usermod -aG libvirt');
    says("authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'");
    expect((await complaint()).hint).toContain('usermod -aG libvirt');
    says('no connection driver available for qemu:///system');
    expect((await complaint()).hint).toContain('QEMU driver');
    says('something new');
    expect((await complaint()).hint).toContain('virsh -c qemu:///system list --all');
  });

  it.each([
    'error: Disconnected from qemu:///system due to end of file',
    'error: Failed to reconnect to the hypervisor',
    'error: Cannot recv data: Connection reset by peer',
    'error: End of file while reading data: Input/output error',
    'error: internal error: client socket is closed',
  ])('does not take what came before "%s" for the whole, whatever the exit code', async (line) => {
    virsh(`echo '<domain/>'; echo "${line}" >&2; echo "error: failed to get domain 'DC01'" >&2; exit 0`);
    expect(await complaint()).toMatchObject({
      message: 'qemu:///system broke off in the middle: libvirt was stopped, or died',
      hint: expect.stringContaining('journalctl'),
    });
  });

  it('does not let a name in a message look like a lost connection', async () => {
    virsh('echo "error: failed to get domain \'Disconnected from qemu:\'" >&2; exit 1');
    expect(await connect('qemu:///system').run(['domstate', 'x'])).toMatchObject({ exitCode: 1 });
  });

  it('gives up on a virsh that hangs, dies, floods or may not be run', async () => {
    virsh('sleep 30');
    expect(await complaint(200)).toMatchObject({
      message: 'qemu:///system: virsh did not answer within 0.2 s',
      hint: expect.stringContaining('journalctl'),
    });
    virsh('echo half; kill -PIPE $$');
    expect((await complaint()).message).toBe('qemu:///system: virsh was ended by SIGPIPE');
    virsh('yes');
    expect((await complaint()).message).toContain('printed more than');
  });

  it('says what to do where virsh is not there, or may not be run', async () => {
    await expect(answers(ABSENT)).rejects.toMatchObject({
      message: 'virsh is not installed',
      hint: expect.stringContaining('libvirt-clients'),
    });
    await expect(answers(unreadable('denied', 'virsh: EACCES'))).rejects.toMatchObject({ hint: 'Let this user run virsh' });
  });
});
