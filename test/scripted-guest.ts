import { agentChannel } from '../src/guest/agent.ts';
import type { GuestChannel } from '../src/guest/channel.ts';
import { type Answer, CAPABLE, type Question, type ScriptedAgent, scriptedAgent } from './scripted-agent.ts';

export const SCRIPTED_UUID = '11111111-2222-3333-4444-555555555555';

interface ScriptedGuest extends ScriptedAgent {
  readonly channel: GuestChannel;
}

/** A channel whose agent answers as told. */
export function open(answer: (question: Question) => Answer | Promise<Answer>): ScriptedGuest {
  const agent = scriptedAgent(answer);
  return { ...agent, channel: agentChannel({ connection: agent.connection, uuid: SCRIPTED_UUID, name: 'lab1' }) };
}

/** An agent of that system whose programs end at once with this status. */
export function ending(system: unknown, ...statuses: readonly unknown[]): ScriptedGuest {
  let polls = 0;
  return open(({ execute }) => {
    if (execute === 'guest-info') return { return: CAPABLE };
    if (execute === 'guest-get-osinfo') return { return: system };
    if (execute === 'guest-exec') return { return: { pid: 4242 } };
    const status = statuses[Math.min(polls++, statuses.length - 1)];
    return typeof status === 'string' ? { stderr: status } : { return: status };
  });
}
