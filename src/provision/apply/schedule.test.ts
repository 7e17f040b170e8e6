import { expect, it } from 'vitest';

import type { Action } from '../plan/model.ts';
import { phasesOf, runChains } from './schedule.ts';

const action = (kind: Action['object']['kind'], name: string, step: Action['step'] = { do: 'start-network', uuid: '' }): Action => ({
  object: { kind, name },
  verb: 'create',
  summary: '',
  changes: [],
  step,
});

/** What had ended when each action began, by name. */
async function begun(actions: readonly Action[], most = 4, failing?: string): Promise<Record<string, readonly string[]>> {
  const ended: string[] = [];
  const seen: Record<string, readonly string[]> = {};
  for (const phase of phasesOf(actions)) {
    // oxlint-disable-next-line no-await-in-loop -- phases follow each other
    const isGoing = await runChains(phase.chains, most, async (index) => {
      const name = actions[index]?.object.name ?? '';
      seen[name] ??= [...ended];
      await Promise.resolve();
      ended.push(name);
      return name !== failing;
    });
    if (!isGoing) break;
  }
  return seen;
}

it('volumes wait for their pools and VMs for volumes; networks are made meanwhile', async () => {
  const seen = await begun([action('network', 'net'), action('pool', 'pool'), action('volume', 'disk'), action('domain', 'vm')]);
  expect(seen['pool']).toEqual([]);
  expect(seen['disk']).toContain('pool');
  expect(seen['vm']).toContain('disk');
});

it('what is removed goes in the other direction: networks last', async () => {
  const seen = await begun([
    action('domain', 'a'),
    action('domain', 'b'),
    action('volume', 'disk'),
    action('pool', 'pool'),
    action('network', 'net'),
  ]);
  expect(seen['disk']).toEqual(['a', 'b']);
  expect(seen['pool']).toEqual(expect.arrayContaining(['a', 'b', 'disk']));
  expect(seen['net']).toEqual(expect.arrayContaining(['a', 'b']));
});

it('every VM is shut down before anything else begins', async () => {
  const stop = { do: 'shut-down-domain', uuid: '', timeoutMs: 1 } as const;
  const seen = await begun([action('domain', 'a', stop), action('network', 'net'), action('domain', 'b', stop)]);
  expect(seen['net']).toEqual(['a', 'b']);
});

it('after a failure nothing new begins', async () => {
  const seen = await begun([action('pool', 'pool'), action('volume', 'disk'), action('domain', 'vm')], 4, 'pool');
  expect(Object.keys(seen)).toEqual(['pool']);
});

it('actions about one object follow each other, and no more run at once than may', async () => {
  const actions = Array.from({ length: 50 }, (_, index) => action('domain', `vm${index % 10}`));
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const [phase] = phasesOf(actions);
  await runChains(phase?.chains ?? [], 3, async (index) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    order.push(index);
    running -= 1;
    return true;
  });
  expect(most).toBe(3);
  expect(order.filter((index) => index % 10 === 4)).toEqual([4, 14, 24, 34, 44]);
});
