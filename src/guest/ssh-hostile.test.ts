import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { GUEST_OUTPUT_LIMIT } from './channel.ts';
import { sshChannel } from './ssh.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const channel = sshChannel({ name: 'lab1', address: '192.0.2.7', user: null, port: null, key: null, alias: null, knownHosts: '/nowhere' });
const quiet = (): void => {};

/** A program called ssh: the guest says that it is Linux, and then does what the test wants. */
beforeAll(() => {
  const script = `#!/bin/bash\ncase $* in *'uname -s'*) printf '%%OS%%\\nLinux\\n';; *) eval "$TEST_GUEST";; esac\n`;
  writeFileSync(join(folder, 'ssh'), script);
  chmodSync(join(folder, 'ssh'), 0o755);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

function guestDoes(line: string): void {
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('TEST_GUEST', line);
}

describe('a guest that answers over SSH with what was not asked', () => {
  it.each([
    ['no size', 'true', 'garbage', /its size did not come/],
    ['a greeting in place of a size', 'echo Welcome to lab1', 'garbage', /its size is no number; .*Welcome/],
    ['a size without an end', 'printf 1%.0s {1..100}', 'refused', /more than 64 GiB/],
    ['a size that no disk has', 'echo 99999999999999', 'refused', /99999999999999 bytes, more than 64 GiB/],
    ['fewer bytes than the size', 'echo 10; echo abc', 'garbage', /damaged on the way/],
    ['another checksum', 'echo 4; echo abc; echo 0000 >&2', 'garbage', /damaged on the way/],
    ['bytes for ever', 'echo 4; cat /dev/zero | head -c 50000000', 'garbage', /damaged on the way/],
    ['bytes without a size for ever', 'echo 0; head -c 50000000 /dev/zero', 'refused', /more than 16 MiB/],
    ['a complaint', 'echo "no way" >&2; exit 1', 'refused', /^\/etc\/x of lab1: no way$/],
    ['nothing but a failure', 'exit 3', 'refused', /exit code 3/],
  ])('%s: nothing of it is kept', async (_what, line, reason, message) => {
    guestDoes(line);
    const local = join(folder, 'local');
    await expect(channel.download('/etc/x', local, quiet)).rejects.toMatchObject({
      name: 'GuestError',
      reason,
      message: expect.stringMatching(message),
    });
    expect(existsSync(local)).toBe(false);
  });

  it('gives output for ever: 16 MiB of it are kept', async () => {
    guestDoes('head -c 40000000 /dev/zero; head -c 40000000 /dev/zero >&2');
    const { stdout, stderr, isTruncated } = await channel.exec(['true'], { timeoutMs: 60_000 });
    expect([stdout.length, stderr.length, isTruncated]).toEqual([GUEST_OUTPUT_LIMIT, GUEST_OUTPUT_LIMIT, true]);
  });

  it('claims that the connection was closed', async () => {
    guestDoes('printf "Connection to x closed by remote host.\\r\\n" >&2; exit 255');
    await expect(channel.exec(['true'], { timeoutMs: 60_000 })).rejects.toMatchObject({ reason: 'unreachable' });
  });
});

it('is not reached where ssh is not installed', async () => {
  vi.stubEnv('PATH', join(folder, 'empty'));
  await expect(channel.ping(1000)).rejects.toMatchObject({
    message: 'ssh is not installed',
    hint: expect.stringContaining('openssh-client'),
  });
});
