import { agentExec } from './agent-exec.ts';
import { fetchFile, fetchWithoutPrograms, FILE_COMMANDS, sendFile, sendWithoutPrograms } from './agent-files.ts';
import { type AgentAddress, type AgentPort, openAgentPort } from './agent-port.ts';
import { interfaces, nothing } from './agent-replies.ts';
import { type AgentSession, openSession } from './agent-session.ts';
import type { GuestAddress, GuestChannel } from './channel.ts';
import { downloadFile, type TransferChannel, uploadFile } from './file-transfer.ts';

/** Checksums of large files take their time. */
const PROGRAM_TIMEOUT_MS = 600_000;

/** The channel through the QEMU guest agent of a VM. Nothing is asked before it is used. */
export function agentChannel(address: AgentAddress): GuestChannel {
  const port = openAgentPort(address);
  const session = openSession(port);
  return {
    kind: 'agent',
    ping: async (timeoutMs) => {
      await port.ask({ command: 'guest-ping', reply: nothing, timeoutMs });
    },
    system: () => session.system(),
    addresses: (timeoutMs) => addressesOf(port, timeoutMs),
    exec: (argv, options) => agentExec(session, argv, options),
    upload: async (local, remote, progress) => {
      const transfer = await transferOf(session);
      await (transfer === null ? sendWithoutPrograms(port, local, remote, progress) : uploadFile(transfer, local, remote, progress));
    },
    download: async (remote, local, progress) => {
      const transfer = await transferOf(session);
      await (transfer === null ? fetchWithoutPrograms(port, remote, local, progress) : downloadFile(transfer, remote, local, progress));
    },
  };
}

/** Null when the agent runs no programs. */
async function transferOf(session: AgentSession): Promise<TransferChannel | null> {
  await session.demand(FILE_COMMANDS);
  if (!(await session.allows(['guest-exec', 'guest-exec-status']))) return null;
  const { kind } = await session.system();
  return {
    name: session.port.name,
    kind,
    run: (argv) => agentExec(session, argv, { timeoutMs: PROGRAM_TIMEOUT_MS }),
    send: (source, draft, progress) => sendFile(session.port, source, draft, progress),
    fetch: (remote, bytes, target, progress) => fetchFile(session.port, remote, bytes, target, progress),
  };
}

async function addressesOf(port: AgentPort, timeoutMs: number): Promise<readonly GuestAddress[]> {
  const found = await port.ask({ command: 'guest-network-get-interfaces', reply: interfaces, timeoutMs });
  return found.map(({ name, 'hardware-address': mac, 'ip-addresses': addresses = [] }) => ({
    interface: name,
    mac: mac?.toLowerCase() ?? null,
    addresses: addresses.map(({ 'ip-address': address, prefix }) => `${address}/${prefix}`),
  }));
}
