import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SshTarget } from '../src/guest/ssh-target.ts';

const PROGRAM = '/usr/sbin/sshd';

/** Null: the programs run here. */
export const noRealSshd: string | null =
  existsSync(PROGRAM) && spawnSync('ssh', ['-V']).status === 0 ? null : 'openssh-server and openssh-client are not installed';

/** A real SSH server of this machine, with keys of its own, for the user who runs the tests. */
export interface RealSshd {
  readonly target: SshTarget;
  /** A key that nobody lets in. */
  readonly strangerKey: string;
  /** The same server with another host key, on a port of its own. */
  startOther(): Promise<SshTarget>;
  stop(): Promise<void>;
}

export async function startRealSshd(): Promise<RealSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'));
  for (const name of ['host', 'other', 'user', 'stranger'])
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  // The privilege separation of the server wants it; its packages make it when it is started as a service.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const first = await start(folder, 'host');
  const all = [first];
  const target: SshTarget = {
    name: 'lab1',
    address: '127.0.0.1',
    user: userInfo().username,
    port: first.port,
    key: join(folder, 'user'),
    alias: 'passcheck-lab1',
    // A blank, a quote and a percent sign mean something to ssh.
    knownHosts: join(folder, 'known "hosts" 5%'),
  };
  return {
    target,
    strangerKey: join(folder, 'stranger'),
    startOther: async () => {
      const other = await start(folder, 'other');
      all.push(other);
      return { ...target, port: other.port };
    },
    stop: async () => {
      for (const { stop } of all) await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function start(folder: string, hostKey: string): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const port = await freePort();
  const conf = join(folder, `${hostKey}.conf`);
  writeFileSync(
    conf,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${join(folder, hostKey)}
AuthorizedKeysFile ${join(folder, 'user.pub')}
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
`,
  );
  const server = spawn(PROGRAM, ['-D', '-e', '-f', conf], { stdio: 'ignore' });
  const ended = new Promise((done) => server.on('close', done));
  while (!(await answers(port))) await sleep(20);
  return {
    port,
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
}
