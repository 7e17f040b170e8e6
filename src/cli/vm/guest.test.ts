import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../../test/cli.ts';
import { noRealAgent, startAgentProgram } from '../../../test/real-agent.ts';
import { noRealSshd, type RealSshd, startRealSshd } from '../../../test/real-sshd.ts';
import { makeVirsh } from '../../../test/virsh-before-agent.ts';

let cli: Cli;
let env: Record<string, string>;

beforeAll(async () => {
  cli = await bundledCli();
  env = {
    PATH: `${makeVirsh(cli.folder)}:${process.env['PATH'] ?? ''}`,
    XDG_STATE_HOME: join(cli.folder, 'state'),
  };
});
afterAll(() => cli.remove());

function vm(...argv: string[]) {
  return cli.run(['vm', ...argv], { env });
}

describe.skipIf(noRealAgent !== null)('a VM whose guest agent answers', { timeout: 60_000 }, () => {
  let agent: Awaited<ReturnType<typeof startAgentProgram>>;

  beforeAll(async () => {
    agent = await startAgentProgram();
    env['TEST_AGENT_SOCKET'] = agent.path;
  });
  afterAll(async () => {
    delete env['TEST_AGENT_SOCKET'];
    await agent.stop();
  });

  it('runs a program with its output, its streams and its exit code', () => {
    const result = vm('exec', 'lab1', '--', 'sh', '-c', 'printf "a\\033b\\n"; echo err >&2; exit 42');
    expect(result).toMatchObject({ status: 42, stdout: 'a\u001bb\n', stderr: 'err\n' });
  });

  it('hands standard input on', () => {
    const result = cli.run(['vm', 'exec', '--stdin', 'lab1', '--', 'wc', '-c'], { env, input: 'abc' });
    expect(result).toMatchObject({ status: 0, stdout: '3\n' });
  });

  it('runs a script by its first line, with arguments, and removes it', () => {
    writeFileSync(join(cli.folder, 'look'), '#!/bin/bash\necho "$0|$1|$2"; [[ -O $0 ]] && exit 5');
    const result = vm('run-script', 'lab1', 'look', 'a b', '--', '--flag');
    expect(result.status).toBe(5);
    const [script = '', first, second] = result.stdout.trim().split('|');
    expect([first, second]).toEqual(['a b', '--flag']);
    expect(script).toMatch(/^\/tmp\/passcheck-[0-9a-f]{16}\/script$/);
    expect(readdirSync('/tmp')).not.toContain(script.split('/')[2]);
  });

  it('copies into a folder there, and back over a file here, whose mode stays', () => {
    const [there, here] = [join(cli.folder, 'there'), join(cli.folder, 'here')];
    mkdirSync(there);
    writeFileSync(join(cli.folder, 'tool'), 'new');
    expect(vm('copy', 'tool', `lab1:${there}/`)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(there, 'tool'), 'utf8')).toBe('new');
    writeFileSync(here, 'old');
    chmodSync(here, 0o600);
    expect(vm('copy', `lab1:${there}/tool`, 'here')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(here, 'utf8')).toBe('new');
    expect(statSync(here).mode & 0o777).toBe(0o600);
    expect(vm('copy', `lab1:${there}/tool`, '.').status).toBe(0);
    expect(readFileSync(join(cli.folder, 'tool'), 'utf8')).toBe('new');
  });

  it('leaves the old file when a copy fails', () => {
    writeFileSync(join(cli.folder, 'kept'), 'old');
    const result = vm('copy', 'lab1:/no/such', 'kept');
    expect(result).toMatchObject({ status: 1, stderr: 'vm copy: /no/such of lab1: there is no such file\n' });
    expect(readFileSync(join(cli.folder, 'kept'), 'utf8')).toBe('old');
    expect(readdirSync(cli.folder).filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  it('tells its addresses, and who says so', () => {
    const json = JSON.parse(vm('ip', 'lab1', '--format', 'json').stdout);
    expect(json).toMatchObject({ schema: 1, vm: 'lab1' });
    expect(json.addresses).toContainEqual({
      address: '192.0.2.7',
      prefix: 24,
      interface: 'vnet0',
      mac: '52:54:00:aa:bb:cc',
      source: 'lease',
    });
    expect(vm('ip', 'lab1').stdout).toMatch(
      /^ADDRESS +INTERFACE +MAC +FROM\n(.*\n)*192\.0\.2\.7\/24 +vnet0 +52:54:00:aa:bb:cc +DHCP lease\n$/,
    );
    expect(vm('ip', 'lab1', '--format', 'plain').stdout.split('\n')).toContain('192.0.2.7');
  });

  it('is waited for', () => {
    expect(vm('wait', 'lab1')).toMatchObject({ status: 0, stderr: expect.stringMatching(/^lab1 answers \(guest agent\), after \d+ s\n$/) });
  });

  it('is given up after a while, with the program still running', () => {
    const result = vm('exec', 'lab1', '--timeout', '1', '--', 'sleep', '3');
    expect(result.status).toBe(255);
    expect(result.stderr).toMatch(/^vm exec: the program did not end within 1 s, and may still run in lab1 \(pid\s\d+\)\n/);
  });
});

describe.skipIf(noRealSshd !== null)('a guest with an SSH server', { timeout: 90_000 }, () => {
  let server: RealSshd;
  let login: string[];

  beforeAll(async () => {
    server = await startRealSshd();
    const { user, port, key } = server.target;
    login = ['--user', String(user), '--port', String(port), '--key', String(key)];
  });
  afterAll(() => server.stop());

  it('runs a program at an address', () => {
    const result = vm('exec', '127.0.0.1', ...login, '--', 'sh', '-c', 'echo "$1"; exit 9', 'sh', "it's");
    expect(result).toMatchObject({ status: 9, stdout: "it's\n", stderr: '' });
    expect(readFileSync(join(cli.folder, 'state/passcheck/system/known_hosts'), 'utf8')).toMatch(/127\.0\.0\.1.* ssh-ed25519/);
  });

  it('copies a file there and back, and runs a script', () => {
    const there = join(cli.folder, 'by-ssh');
    writeFileSync(join(cli.folder, 'plain.sh'), 'echo "$1" script\n');
    expect(vm('copy', 'plain.sh', `127.0.0.1:${there}`, ...login)).toMatchObject({ status: 0, stderr: '' });
    expect(vm('copy', `127.0.0.1:${there}`, 'again', ...login)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(cli.folder, 'again'), 'utf8')).toBe('echo "$1" script\n');
    expect(vm('run-script', '127.0.0.1', 'plain.sh', 'a', ...login)).toMatchObject({ status: 0, stdout: 'a script\n', stderr: '' });
  });

  it('is waited for', () => {
    expect(vm('wait', '127.0.0.1', ...login)).toMatchObject({ status: 0, stderr: expect.stringContaining('127.0.0.1 answers (SSH)') });
  });

  it('is any host with --via ssh', () => {
    expect(vm('exec', 'localhost', '--via', 'ssh', ...login, '--', 'true')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('a guest that cannot be used', () => {
  it('has no agent that runs, and no address', () => {
    const result = cli.run(['vm', 'exec', 'lab1', '--', 'true'], { env: { ...env, TEST_NO_ADDRESS: '1' } });
    expect(result.status).toBe(255);
    expect(result.stderr).toContain('vm exec: no guest agent runs in lab1; libvirt knows no address of lab1 for');
    expect(result.stderr).toContain('qemu-guest-agent');
  });

  it('is off', () => {
    const result = cli.run(['vm', 'wait', 'lab1'], { env: { ...env, TEST_VM_STATE: 'shut off' } });
    expect(result).toMatchObject({ status: 1, stderr: 'vm wait: lab1 is not running\n  → Start it:\n      passcheck vm start lab1\n' });
  });

  it('is waited for only so long', () => {
    const result = vm('wait', 'lab1', '--via', 'agent', '--timeout', '1');
    expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining('vm wait: no guest agent runs in lab1') });
  });

  it.each([
    [['exec', 'lab2', '--', 'true'], 255, 'vm exec: qemu:///system has no VM lab2; the nearest is lab1'],
    [['exec', 'lab1', 'ls', '-l'], 2, "unknown option '-l'"],
    [['exec', '-u@host', '--', 'true'], 2, 'unknown option'],
    [['exec', '--', '-oProxyCommand=x@host', 'true'], 255, 'names no guest'],
    [['exec', 'lab1'], 2, "missing required argument 'command'"],
    [['run-script', 'lab1', 'no.sh'], 255, 'could not read no.sh: there is no such file'],
    [['copy', 'a', 'b'], 2, 'neither a nor b is in a guest'],
    [['copy', 'x:/a', 'y:/b'], 2, 'are both in a guest'],
    [['copy', 'a', 'lab1:b'], 2, 'want a path from the root'],
    [['copy', 'no-such-file', 'lab1:/tmp/x'], 2, 'could not read no-such-file: there is no such file'],
    [['copy', '.', 'lab1:/tmp/x'], 2, '. is a folder'],
    [['copy', '/dev/null', 'lab1:/tmp/x'], 1, 'no guest agent'],
    [['ip', '192.0.2.1'], 2, 'is an address already'],
    [['exec', 'lab1', '--timeout', '0', '--', 'x'], 2, 'Want whole seconds'],
    [['exec', 'lab1', '--port', '70000', '--', 'x'], 2, 'Want a port'],
    [['exec', '192.0.2.1', '--via', 'agent', '--', 'x'], 255, 'a guest agent is reached by the name'],
  ])('vm %j', (argv, status, message) => {
    const result = cli.run(['vm', ...argv], { env: { ...env, TEST_NO_ADDRESS: '1' } });
    expect(result.status).toBe(status);
    expect(result.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(result.stdout).toBe('');
  });
});
