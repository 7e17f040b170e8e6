import { describe, expect, it } from 'vitest';

import { type Connection, ConnectionError } from '../libvirt/connection.ts';
import type { Attempt } from './problem.ts';
import { type Stopped, stopVm } from './stop.ts';

/** A guest: how its agent answers, and after how many seconds which call brings it down. */
interface Guest {
  readonly state?: string;
  readonly agent: 'absent' | 'deaf' | 'ignores' | number;
  readonly acpi?: 'ignores' | number;
}

interface Seen {
  readonly result: Attempt<Stopped>;
  /** Calls that change something, with the second of each. */
  readonly calls: readonly string[];
  readonly said: readonly string[];
}

async function stop(guest: Guest, { force = false, seconds = 120 } = {}): Promise<Seen> {
  let now = 0;
  let offAt = guest.state === 'shut off' ? 0 : Number.POSITIVE_INFINITY;
  const calls: string[] = [];
  const said: string[] = [];
  const done = { exitCode: 0, stdout: '', stderr: '' };
  const connection: Connection = {
    uri: 'qemu:///system',
    async run([verb, , , mode], { timeoutMs = 0 } = {}) {
      if (verb === 'domstate') return { ...done, stdout: `${now >= offAt ? 'shut off' : (guest.state ?? 'running')}\n\n` };
      calls.push(`${now / 1000} ${[verb, mode].filter(Boolean).join(' ')}`);
      if (verb === 'destroy') offAt = now;
      const reaction = mode === 'agent' ? guest.agent : (guest.acpi ?? 'ignores');
      if (reaction === 'absent') return { ...done, exitCode: 1, stderr: 'error: QEMU guest agent is not connected\n' };
      if (reaction === 'deaf') {
        now += timeoutMs;
        throw new ConnectionError('virsh did not answer', '');
      }
      if (typeof reaction === 'number') offAt = Math.min(offAt, now + reaction * 1000);
      return done;
    },
  };
  const clock = {
    now: () => now,
    pause: async (ms: number) => {
      now += ms;
    },
  };
  const options = { timeoutMs: seconds * 1000, force, say: (line: string) => void said.push(line), clock };
  return { result: await stopVm(connection, { uuid: 'uuid-1' }, options), calls, said };
}

const DOWN = { ok: true, value: 'shut down' };

describe('stopping a VM', () => {
  it('that is off does nothing', async () => {
    expect(await stop({ state: 'shut off', agent: 1 })).toMatchObject({ result: { ok: true, value: 'was off' }, calls: [] });
  });

  it('asks its agent, and no more when that helps', async () => {
    expect(await stop({ agent: 30 })).toMatchObject({ result: DOWN, calls: ['0 shutdown agent'] });
  });

  it('presses the power button at once without an agent, which has all of the time then', async () => {
    const seen = await stop({ agent: 'absent', acpi: 119 });
    expect(seen).toMatchObject({ result: DOWN, calls: ['0 shutdown agent', '0 shutdown acpi'] });
    expect(seen.said[0]).toContain('not connected');
  });

  it('gives an agent that does nothing half of the time, and ACPI the rest', async () => {
    expect(await stop({ agent: 'ignores', acpi: 50 })).toMatchObject({ result: DOWN, calls: ['0 shutdown agent', '60 shutdown acpi'] });
    const tooLate = await stop({ agent: 'ignores', acpi: 61 });
    expect(tooLate.result).toMatchObject({ ok: false, problems: [{ message: 'it still runs after 120 s' }] });
    expect(tooLate.calls).toHaveLength(2);
  });

  it('goes on after an agent that does not even answer', async () => {
    expect(await stop({ agent: 'deaf', acpi: 1 })).toMatchObject({ result: DOWN, calls: ['0 shutdown agent', '60 shutdown acpi'] });
  });

  it('switches the power off only when that was asked for, and only at the end', async () => {
    const { result, calls } = await stop({ agent: 'ignores' }, { force: true, seconds: 10 });
    expect(result).toEqual({ ok: true, value: 'power off' });
    expect(calls).toEqual(['0 shutdown agent', '5 shutdown acpi', '10 destroy']);
    expect((await stop({ agent: 'ignores' }, { seconds: 10 })).calls).not.toContain('10 destroy');
  });

  it.each(['paused', 'pmsuspended', 'crashed'])('waits for no guest that is %s', async (state) => {
    expect(await stop({ state, agent: 1 })).toMatchObject({ result: { ok: false }, calls: [] });
    expect(await stop({ state, agent: 1 }, { force: true })).toMatchObject({
      result: { ok: true, value: 'power off' },
      calls: ['0 destroy'],
    });
  });
});
