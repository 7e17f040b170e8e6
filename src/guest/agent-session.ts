import { disabledError } from './agent-complaint.ts';
import type { AgentPort } from './agent-port.ts';
import { agentInfo, type AgentInfo, systemInfo, type SystemInfo } from './agent-replies.ts';
import type { GuestSystem } from './channel.ts';

/** What is asked of an agent once, and kept as long as the channel is open. */
export interface AgentSession {
  readonly port: AgentPort;
  /** Does the agent take all of these commands? Also the first proof that it answers. */
  allows(commands: readonly string[]): Promise<boolean>;
  /** Throws an `AgentRefusal` that names the first command which the agent does not take. */
  demand(commands: readonly string[]): Promise<void>;
  system(): Promise<GuestSystem>;
}

/** For questions that an agent answers from its memory. Windows under load takes seconds. */
export const ANSWER_TIMEOUT_MS = 30_000;

/** Ids of https://www.freedesktop.org/software/systemd/man/os-release.html are those of Linux distributions, but for these. */
const NOT_LINUX = ['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'midnightbsd', 'solaris', 'illumos', 'macos'];

/** A channel's memory of its agent. */
export function openSession(port: AgentPort): AgentSession {
  let info: Promise<AgentInfo> | undefined;
  let system: Promise<GuestSystem> | undefined;
  const missing = async (commands: readonly string[]): Promise<string | undefined> => {
    info ??= port.ask({ command: 'guest-info', reply: agentInfo, timeoutMs: ANSWER_TIMEOUT_MS });
    const enabled = new Set((await info).supported_commands.filter((command) => command.enabled).map((command) => command.name));
    return commands.find((command) => !enabled.has(command));
  };
  return {
    port,
    allows: async (commands) => (await missing(commands)) === undefined,
    demand: async (commands) => {
      const first = await missing(commands);
      if (first !== undefined) throw disabledError(port.name, first);
    },
    system: () => {
      system ??= port.ask({ command: 'guest-get-osinfo', reply: systemInfo, timeoutMs: ANSWER_TIMEOUT_MS }).then(systemOf);
      return system;
    },
  };
}

function systemOf({ id, name, 'pretty-name': pretty }: SystemInfo): GuestSystem {
  return { kind: kindOf(id), name: pretty ?? name ?? id ?? 'a system that does not say what it is' };
}

function kindOf(id: string | undefined): GuestSystem['kind'] {
  if (id === 'mswindows') return 'windows';
  return id === undefined || NOT_LINUX.includes(id) ? 'other' : 'linux';
}
