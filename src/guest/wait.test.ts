import { describe, expect, it } from 'vitest';

import { scriptedAgent } from '../../test/scripted-agent.ts';
import { agentChannel } from './agent.ts';
import { GuestError } from './channel.ts';
import { waitForGuest } from './wait.ts';

const guest = {
  name: 'lab1',
  channel: agentChannel({ connection: scriptedAgent(() => ({ return: {} })).connection, uuid: 'u', name: 'lab1' }),
};

const silent = () => Promise.reject(new GuestError('unreachable', 'no agent'));

describe('waiting for a guest', () => {
  it('goes on until it answers', async () => {
    const failures: string[] = [];
    let attempts = 0;
    const open = async () => {
      if (attempts++ === 0) throw new GuestError('unreachable', 'not yet');
      return guest;
    };
    expect(await waitForGuest({ open, timeoutMs: 60_000, onFailure: ({ message }) => failures.push(message) })).toBe(guest);
    expect(failures).toEqual(['not yet']);
  });

  it('ends with the last reason when the time is over', async () => {
    await expect(waitForGuest({ open: silent, timeoutMs: 0, onFailure: () => {} })).rejects.toThrow('no agent');
  });

  it('ends at once when time does not help', async () => {
    let attempts = 0;
    const open = () => {
      attempts++;
      return Promise.reject(new GuestError('refused', 'no such key'));
    };
    await expect(waitForGuest({ open, timeoutMs: 60_000, onFailure: () => {} })).rejects.toThrow('no such key');
    expect(attempts).toBe(1);
  });
});
