import { GuestError } from './channel.ts';

/** The guest agent understood a command, and answered that it could not be done. */
export class AgentRefusal extends GuestError {
  constructor(message: string, hint: string | null = null) {
    super('refused', message, hint);
  }
}

interface Complaint {
  readonly pattern: RegExp;
  readonly reason: GuestError['reason'];
  message(name: string): string;
  hint(name: string): string;
}

/** What libvirt 9.0 says (with LC_ALL=C) of an agent that it cannot use: src/qemu/qemu_agent.c and qemu_domain.c. */
const COMPLAINTS: readonly Complaint[] = [
  {
    pattern: /domain is not running/,
    reason: 'unreachable',
    message: (name) => `${name} is not running`,
    hint: (name) => `Start it: passcheck vm start ${name}`,
  },
  {
    pattern: /agent is not configured/,
    reason: 'unreachable',
    message: (name) => `${name} has no channel for a guest agent`,
    hint: (name) =>
      `Add <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel> to its devices: virsh edit ${name}; then shut it down and start it`,
  },
  {
    pattern: /agent is not connected/,
    reason: 'unreachable',
    message: (name) => `no guest agent runs in ${name}`,
    hint: (name) =>
      `Install it in the guest (Linux: the package qemu-guest-agent; Windows: virtio-win-guest-tools.exe of the virtio-win ISO), or wait until it is up: passcheck vm wait ${name}`,
  },
  {
    pattern: /not available due to an error/,
    reason: 'unreachable',
    message: (name) => `libvirt gave the guest agent of ${name} up after an answer that it could not read`,
    // Seen with libvirt 9.0: it goes on refusing after a restart of libvirtd, until the port of the agent was closed once.
    hint: () =>
      'Restart the agent in the guest, at its console or over SSH (Linux: systemctl restart qemu-guest-agent; Windows: Restart-Service QEMU-GA); restarting libvirt does not help',
  },
  {
    pattern: /encode message payload|No complete agent response/,
    reason: 'garbage',
    message: (name) => `the answer of the guest agent of ${name} is larger than libvirt carries (4 MiB)`,
    hint: () => 'Let the program write into a file, and fetch it with passcheck vm copy',
  },
  {
    pattern: /not available for now|timed out|disappeared while executing/,
    reason: 'timed-out',
    message: (name) => `the guest agent of ${name} did not answer`,
    hint: (name) => `See whether the guest is busy or hangs: passcheck vm wait ${name}`,
  },
  {
    pattern: /cannot acquire state change lock/,
    reason: 'timed-out',
    message: (name) => `another program is using ${name}, and libvirt lets only one at a time`,
    hint: () => 'Run it again when the other has ended',
  },
];

/** What a failed `virsh qemu-agent-command` means; `complaint` is the last line of what it printed on standard error. */
export function agentError(name: string, command: string, complaint: string): GuestError {
  const answered = /unable to execute QEMU agent command '[^']{0,100}': (.*)$/s.exec(complaint)?.[1];
  if (answered !== undefined) return refusal(name, command, answered.slice(0, 300));
  const known = COMPLAINTS.find(({ pattern }) => pattern.test(complaint));
  if (known !== undefined) return new GuestError(known.reason, known.message(name), known.hint(name));
  return new GuestError('unreachable', `the guest agent of ${name} could not be asked: ${complaint}`);
}

function refusal(name: string, command: string, answered: string): AgentRefusal {
  if (/has not been found/.test(answered))
    return new AgentRefusal(`the guest agent of ${name} is too old: it does not know ${command}`, 'Update it in the guest');
  if (/has been disabled|not allowed/.test(answered)) return disabledError(name, command);
  return new AgentRefusal(answered.replace(/^Guest agent command failed, error was '(.*)'$/s, '$1'));
}

/** The guest agent knows a command, and its configuration forbids it. */
export function disabledError(name: string, command: string): AgentRefusal {
  return new AgentRefusal(
    `the guest agent of ${name} does not allow ${command}`,
    'Allow it in the guest (/etc/sysconfig/qemu-ga on RHEL and its kin, block-rpcs in /etc/qemu/qemu-ga.conf elsewhere), then restart qemu-guest-agent there',
  );
}
