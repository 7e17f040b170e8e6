import * as z from 'zod/mini';

import { type GuestAddress, type GuestChannel, GuestError } from './channel.ts';
import { downloadFile, type TransferChannel, uploadFile } from './file-transfer.ts';
import { fetchBySftp, sendBySftp } from './sftp.ts';
import { sshError } from './ssh-complaint.ts';
import { runSsh } from './ssh-process.ts';
import { openSshSession, type SshSession } from './ssh-session.ts';
import type { SshTarget } from './ssh-target.ts';
import { downloadThrough, uploadThrough } from './ssh-stream.ts';

/** Checksums of large files take their time. */
const PROGRAM_TIMEOUT_MS = 600_000;

/** The channel through the SSH server of a guest, with the system's own ssh. Nothing is asked before it is used. */
export function sshChannel(target: SshTarget): GuestChannel {
  const session = openSshSession(target);
  return {
    kind: 'ssh',
    ping: async (timeoutMs) => {
      const lateError = sshError(target, `timed out: no answer within ${timeoutMs / 1000} s`);
      await runSsh(target, 'exit 0', { onStdout: () => undefined, onStderr: () => undefined, timeoutMs, lateError });
    },
    system: () => session.system(),
    addresses: (timeoutMs) => addressesOf(session, timeoutMs),
    exec: (argv, options) => session.exec(argv, options),
    upload: async (local, remote, progress) => {
      const { kind } = await session.system();
      await (kind === 'windows' ? uploadFile(overSftp(session), local, remote, progress) : uploadThrough(target, local, remote, progress));
    },
    download: async (remote, local, progress) => {
      const { kind } = await session.system();
      await (kind === 'windows'
        ? downloadFile(overSftp(session), remote, local, progress)
        : downloadThrough(target, remote, local, progress));
    },
  };
}

function overSftp({ target, exec }: SshSession): TransferChannel {
  return {
    name: target.name,
    kind: 'windows',
    run: (argv) => exec(argv, { timeoutMs: PROGRAM_TIMEOUT_MS }),
    send: (source, draft, progress) => sendBySftp(target, source, draft, progress),
    fetch: (remote, bytes, file, progress) => fetchBySftp(target, remote, bytes, file, progress),
  };
}

/** `ip -j address` of iproute2. */
const ipAddresses = z
  .array(
    z.object({
      ifname: z.string().check(z.maxLength(64)),
      address: z.optional(z.string().check(z.maxLength(64))),
      addr_info: z.array(z.object({ local: z.string().check(z.maxLength(64)), prefixlen: z.int() })).check(z.maxLength(1000)),
    }),
  )
  .check(z.maxLength(1000));

async function addressesOf(session: SshSession, timeoutMs: number): Promise<readonly GuestAddress[]> {
  const { exitCode, stdout } = await session.exec(['ip', '-j', 'address'], { timeoutMs });
  const parsed = exitCode === 0 ? ipAddresses.safeParse(jsonOf(stdout)) : null;
  if (parsed?.success !== true) throw new GuestError('refused', `${session.target.name} does not say its addresses (ip -j address)`);
  return parsed.data.map(({ ifname, address, addr_info: found }) => ({
    interface: ifname,
    mac: address ?? null,
    addresses: found.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  }));
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
