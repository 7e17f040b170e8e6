import { describe, expect, it } from 'vitest';

import { memoryLibvirt, type MemoryLibvirt } from '../../../test/memory-libvirt.ts';
import { memorySession, type MemorySession } from '../../../test/memory-state.ts';
import { file, look } from '../../../test/plan-world.ts';
import { homelab } from '../../../test/provisioned.ts';
import { ABSENT } from '../../host/reading.ts';
import { ConnectionError } from '../../libvirt/connection.ts';
import { desire } from '../desire.ts';
import { NOTHING_KEPT } from '../kept-identity.ts';
import type { Plan } from '../plan/model.ts';
import { planApply } from '../plan/plan-apply.ts';
import { planDestroy } from '../plan/plan-destroy.ts';
import type { RemovalRequest } from '../plan/removal.ts';
import { readWorld } from '../world/read-world.ts';
import { execute, type ExecuteResult } from './execute.ts';

const desired = desire(homelab, { hostId: 'host-1', kept: NOTHING_KEPT, pins: new Map() });
const GiB = 1024 ** 3;
const media = Object.values(homelab.media).map((path) => [path, file()] as const);

interface Lab {
  readonly libvirt: MemoryLibvirt;
  readonly state: MemorySession;
}

const aLab = (): Lab => ({ libvirt: memoryLibvirt(), state: memorySession() });

async function removalRequest({ libvirt, state }: Lab): Promise<RemovalRequest> {
  const there = new Set(libvirt.state.volumes.map(({ path }) => path));
  const disks = desired.volumes.map(({ path }) => [path, there.has(path) ? file() : ABSENT] as const);
  const host = look({
    files: new Map([...media, ...disks]),
    freeBytes: new Map(desired.pools.map(({ path }) => [path, { state: 'ok', value: 500 * GiB }])),
  });
  const world = await readWorld(libvirt.connection, desired);
  const base = { desired, world, look: host, owned: state.owned, version: '0.0.0', source: null };
  return { ...base, deleteDisks: [], deleteNvram: false, deleteTpm: false, forgetSnapshots: false, shutdownMs: 1000, tpmFolder: null };
}

async function apply(lab: Lab): Promise<ExecuteResult> {
  return carriedOut(lab, async () => planApply(await removalRequest(lab)));
}

async function destroy(lab: Lab, deleteDisks: 'all' | readonly string[] = []): Promise<ExecuteResult> {
  return carriedOut(lab, async () => planDestroy({ ...(await removalRequest(lab)), names: [], deleteDisks }));
}

async function carriedOut({ libvirt, state }: Lab, again: () => Promise<Plan>): Promise<ExecuteResult> {
  const plan = await again();
  expect(plan.refused).toEqual([]);
  return execute(plan, { connection: libvirt.connection, state, again, onProgress: () => {} });
}

describe('the homelab', () => {
  it('is made by the first apply, and the second asks libvirt to change nothing', async () => {
    const lab = aLab();
    expect(await apply(lab)).toMatchObject({ failed: [], notDone: [], left: [] });
    expect(lab.libvirt.state.domains.map(({ name }) => name).toSorted()).toEqual(['CLIENT01', 'CLIENT02', 'DC01', 'SCCM01']);
    expect(lab.libvirt.state.volumes).toHaveLength(4);
    const before = lab.libvirt.mutations().length;
    expect(await apply(lab)).toMatchObject({ done: [], failed: [], left: [] });
    expect(lab.libvirt.mutations()).toHaveLength(before);
  });

  it('is taken away by destroy, but for its disks; and with them when they are named', async () => {
    const lab = aLab();
    await apply(lab);
    expect(await destroy(lab)).toMatchObject({ failed: [], left: [] });
    expect(lab.libvirt.state.domains).toEqual([]);
    expect(lab.libvirt.state.volumes).toHaveLength(4);
    expect(await apply(lab)).toMatchObject({ failed: [], left: [] });
    expect(await destroy(lab, 'all')).toMatchObject({ failed: [], left: [] });
    expect(lab.libvirt.state).toEqual({ networks: [], pools: [], domains: [], volumes: [] });
    expect(lab.state.owned.volumes.size).toBe(0);
  });
});

/** The process is killed: nothing more is asked or recorded; whether the call itself was carried out is up to libvirt. */
function killAt(lab: Lab, number: number, isCarriedOut: boolean): void {
  let count = 0;
  const { connection } = lab.libvirt;
  const run = connection.run.bind(connection);
  Object.assign(connection, {
    async run(words: readonly string[]) {
      const isReading = words[0]?.startsWith('echo ') === true;
      if (!isReading) count++;
      if (count > number || (count === number && !isReading && !isCarriedOut)) throw new Killed('killed', '');
      const result = await run(words);
      if (count >= number && !isReading) throw new Killed('killed', '');
      return result;
    },
  });
  lab.state.beforeRecord = () => {
    if (count >= number) throw new Killed('killed', '');
  };
}

class Killed extends ConnectionError {}

async function killedAt(number: number, isCarriedOut: boolean): Promise<Lab> {
  const lab = aLab();
  killAt(lab, number, isCarriedOut);
  await apply(lab).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return { libvirt: memoryLibvirt(lab.libvirt.state), state: Object.assign(lab.state, { beforeRecord: () => {} }) };
}

function names({ state: { networks, pools, domains, volumes } }: MemoryLibvirt): string[] {
  return [...networks, ...pools, ...domains, ...volumes].map(({ name }) => name).toSorted();
}

describe('an apply that is killed', () => {
  it.each([true, false])('at any call (carried out: %s) is brought to its end by the next one', async (isCarriedOut) => {
    const whole = aLab();
    await apply(whole);
    const calls = whole.libvirt.mutations().length;
    expect(calls).toBeGreaterThan(15);
    for (let number = 1; number <= calls; number++) {
      // oxlint-disable-next-line no-await-in-loop
      const lab = await killedAt(number, isCarriedOut);
      // oxlint-disable-next-line no-await-in-loop
      expect(await apply(lab), `killed at ${number}`).toMatchObject({ failed: [], notDone: [], left: [] });
      expect(names(lab.libvirt)).toEqual(names(whole.libvirt));
      expect([...lab.state.owned.volumes.keys()].toSorted()).toEqual([...whole.state.owned.volumes.keys()].toSorted());
    }
  });
});
