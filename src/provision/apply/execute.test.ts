import { describe, expect, it } from 'vitest';

import { memoryLibvirt, type MemoryLibvirt, refusedBy } from '../../../test/memory-libvirt.ts';
import { memorySession, type MemorySession } from '../../../test/memory-state.ts';
import { ConnectionError, NotReachedError } from '../../libvirt/connection.ts';
import type { Action, Plan, PlannedObject, Step } from '../plan/model.ts';
import { StateError } from '../state/state-error.ts';
import { execute, type ExecuteRequest, type Progress } from './execute.ts';

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

function action(kind: PlannedObject['kind'], name: string, step: Step, more: Partial<Action> = {}): Action {
  return { object: { kind, name }, verb: 'create', summary: step.do, changes: [], step, ...more };
}

function plan(actions: readonly Action[], more: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    tool: { name: 'passcheck', version: '0.0.0' },
    command: 'apply',
    spec: 'lab',
    connection: 'qemu:///system',
    host: 'host',
    actions: [...actions],
    pending: [],
    refused: [],
    notes: [],
    source: null,
    ...more,
  };
}

const xmlOf = (tag: string, name: string, number: number, more = ''): string =>
  `<${tag}><name>${name}</name><uuid>${uuid(number)}</uuid>${more}</${tag}>`;

/** A network, a pool, four volumes, four VMs. */
const LAB: readonly Action[] = [
  action('network', 'lab-net', { do: 'define-network', xml: xmlOf('network', 'lab-net', 1), replaces: null }),
  action('network', 'lab-net', { do: 'start-network', uuid: uuid(1) }),
  action('network', 'lab-net', { do: 'autostart-network', uuid: uuid(1), on: true }),
  action('pool', 'homelab', { do: 'define-pool', xml: xmlOf('pool', 'homelab', 2, '<target><path>/pool</path></target>'), replaces: null }),
  action('pool', 'homelab', { do: 'build-pool', uuid: uuid(2) }),
  action('pool', 'homelab', { do: 'start-pool', uuid: uuid(2) }),
  ...[1, 2, 3, 4].map((number) => volume(number)),
  ...[1, 2, 3, 4].map((number) =>
    action('domain', `vm${number}`, {
      do: 'define-domain',
      uuid: uuid(10 + number),
      xml: xmlOf('domain', `vm${number}`, 10 + number),
      replaces: null,
    }),
  ),
];

function volume(number: number, what: 'create-volume' | 'recreate-volume' = 'create-volume'): Action {
  const name = `v${number}.qcow2`;
  const xml = `<volume><name>${name}</name><capacity unit='bytes'>1024</capacity><target><format type='qcow2'/></target></volume>`;
  return action('volume', `v${number}`, { do: what, pool: 'homelab', volume: name, path: `/pool/${name}`, xml });
}

interface Scene {
  readonly libvirt: MemoryLibvirt;
  readonly state: MemorySession;
  readonly events: Progress[];
}

function scene(
  libvirt: MemoryLibvirt = memoryLibvirt(),
): Scene & { run(given: Plan, more?: Partial<ExecuteRequest>): ReturnType<typeof execute> } {
  const [state, events] = [memorySession(), [] as Progress[]];
  let ms = 0;
  const clock = {
    now: () => ms,
    pause: (pause: number) => {
      ms += pause;
      return Promise.resolve();
    },
  };
  return {
    libvirt,
    state,
    events,
    run: (given, more = {}) =>
      execute(given, {
        connection: libvirt.connection,
        state,
        clock,
        onProgress: (progress) => events.push(progress),
        again: () => Promise.resolve(plan([])),
        ...more,
      }),
  };
}

const verbs = ({ libvirt }: Scene): string[] => libvirt.mutations().map(([verb = '']) => verb);
const names = (actions: readonly Action[]): string[] => actions.map(({ object, step }) => `${step.do} ${object.name}`);

const half = (allocation: number) => ({
  pool: 'homelab',
  name: 'v1.qcow2',
  path: '/pool/v1.qcow2',
  capacity: 0,
  format: 'raw',
  allocation,
});

const domains = () =>
  [1, 2].map((number) => ({
    name: `vm${number}`,
    uuid: uuid(10 + number),
    xml: xmlOf('domain', `vm${number}`, 10 + number),
    isActive: true,
    autostart: false,
  }));
const undefines = (replaces: string): Action[] =>
  [1, 2].map((number) =>
    action('domain', `vm${number}`, { do: 'undefine-domain', uuid: uuid(10 + number), replaces, snapshotsMetadata: false }),
  );

describe('a plan that succeeds', () => {
  it('makes volumes when their pool runs, and VMs when everything is there', async () => {
    const lab = scene();
    const result = await lab.run(plan(LAB));
    expect(result).toMatchObject({ failed: [], notDone: [], problem: null, left: [], unseen: null, isStopped: false });
    expect(names(result.done)).toEqual(names(LAB));
    const order = verbs(lab);
    expect(order.slice(0, 6).toSorted()).toEqual(['net-autostart', 'net-define', 'net-start', 'pool-build', 'pool-define', 'pool-start']);
    expect(order.slice(6)).toEqual([...Array.from({ length: 4 }, () => 'vol-create'), ...Array.from({ length: 4 }, () => 'define')]);
    expect(lab.libvirt.state.volumes.map(({ path }) => path)).toEqual([1, 2, 3, 4].map((number) => `/pool/v${number}.qcow2`));
  });

  it('does one mutating call an action, reads nothing, and has four at once at most', async () => {
    const lab = scene();
    await lab.run(plan([...LAB, ...[5, 6, 7, 8].map((number) => volume(number))]));
    expect(lab.libvirt.calls).toHaveLength(LAB.length + 4);
    expect(lab.libvirt.most()).toBe(4);
  });

  it('what is done to one object is done in the order of the plan', async () => {
    const lab = scene();
    await lab.run(plan(LAB));
    expect(verbs(lab).filter((verb) => verb.startsWith('net-'))).toEqual(['net-define', 'net-start', 'net-autostart']);
  });

  it('records the beginning of each action before libvirt is asked, and its end', async () => {
    const lab = scene();
    const atCall: number[] = [];
    lab.libvirt.intercept = () => {
      atCall.push(lab.state.entries.filter(({ state }) => state === 'begun').length);
      return null;
    };
    await lab.run(plan(LAB.slice(0, 3)));
    expect(atCall).toEqual([1, 2, 3]);
    expect(lab.state.entries.map(({ step, state }) => `${step} ${state}`)).toEqual(
      ['define-network', 'start-network', 'autostart-network'].flatMap((step) => [`${step} begun`, `${step} done`]),
    );
  });

  it('owns the pool and the volumes that it made', async () => {
    const lab = scene();
    await lab.run(plan(LAB));
    expect(Object.fromEntries(lab.state.owned.pools)).toEqual({ [uuid(2)]: 'lab' });
    expect(lab.state.owned.volumes.get('/pool/v3.qcow2')).toEqual({ owner: 'lab', pool: 'homelab', state: 'made' });
  });

  it('keeps a definition before it is replaced or removed', async () => {
    const old = xmlOf('domain', 'vm1', 11, '<title>old</title>');
    const lab = scene(memoryLibvirt({ domains: [{ name: 'vm1', uuid: uuid(11), xml: old, isActive: false, autostart: false }] }));
    const define = action('domain', 'vm1', { do: 'define-domain', uuid: uuid(11), xml: xmlOf('domain', 'vm1', 11), replaces: old });
    const undefine = action('domain', 'vm1', { do: 'undefine-domain', uuid: uuid(11), replaces: define.summary, snapshotsMetadata: false });
    const result = await lab.run(plan([define, undefine]));
    expect(lab.state.kept.map(({ xml }) => xml)).toEqual([old, define.summary]);
    expect(result.backups).toEqual(['/backup/domain-vm1.xml', '/backup/domain-vm1.xml']);
    expect(lab.libvirt.calls.at(-1)).toEqual(['undefine', uuid(11), '--keep-nvram', '--keep-tpm']);
  });

  it('a libvirt that does not know an option is asked without it, where nothing is lost by that', async () => {
    const lab = scene(memoryLibvirt({ domains: [{ name: 'vm1', uuid: uuid(11), xml: '', isActive: false, autostart: false }] }));
    lab.libvirt.intercept = (words) =>
      words.includes('--keep-tpm') ? refusedBy("command 'undefine' doesn't support option --keep-tpm") : null;
    const undefine = (replaces: string): Action =>
      action('domain', 'vm1', { do: 'undefine-domain', uuid: uuid(11), replaces, snapshotsMetadata: false });
    const withTpm = "<domain><devices><tpm><backend type='emulator'/></tpm></devices></domain>";
    const refused = await lab.run(plan([undefine(withTpm)]));
    expect(refused.failed[0]?.message).toMatch(/libvirt 8\.9 is the first that can keep/);
    expect(await lab.run(plan([undefine('<domain/>')]))).toMatchObject({ failed: [] });
    expect(lab.libvirt.state.domains).toEqual([]);
  });

  it('what is only remembered asks libvirt nothing', async () => {
    const lab = scene();
    const step = { do: 'own-volume', pool: 'homelab', volume: 'old.qcow2', path: '/pool/old.qcow2' } as const;
    await lab.run(plan([action('volume', 'old', step)], { command: 'adopt' }));
    expect(lab.libvirt.calls).toEqual([]);
    expect(lab.state.owned.volumes.get('/pool/old.qcow2')?.state).toBe('made');
  });

  it('with nothing to do asks libvirt nothing and records nothing', async () => {
    const lab = scene();
    expect(await lab.run(plan([]))).toMatchObject({ done: [], failed: [], notDone: [], left: [] });
    expect([lab.libvirt.calls, lab.state.entries]).toEqual([[], []]);
  });
});

describe('a plan that fails in the middle', () => {
  it('tells what was done, what failed and why, and what was not begun', async () => {
    const lab = scene();
    lab.libvirt.intercept = ([verb]) =>
      verb === 'pool-build' ? refusedBy('Failed to build pool', 'cannot create path /pool: Permission denied') : null;
    const result = await lab.run(plan(LAB));
    expect(names(result.done)).toEqual([
      'define-network lab-net',
      'start-network lab-net',
      'autostart-network lab-net',
      'define-pool homelab',
    ]);
    expect(result.failed.map(({ action: { step }, message, isKnown }) => [step.do, message, isKnown])).toEqual([
      ['build-pool', 'cannot create path /pool: Permission denied', true],
    ]);
    expect(names(result.notDone)).toEqual(names(LAB).filter((name) => !/network|define-pool|build-pool/.test(name)));
    expect(result.left).toBeNull();
    expect(lab.state.entries.find(({ state }) => state === 'failed')).toMatchObject({
      step: 'build-pool',
      state: 'failed',
      message: 'cannot create path /pool: Permission denied',
    });
  });

  it('begins nothing more, but ends what has begun', async () => {
    const lab = scene();
    lab.libvirt.intercept = (words) => (words.join(' ').includes('v1.qcow2') ? refusedBy('no space left on device') : null);
    const result = await lab.run(plan([...LAB.slice(3, 6), ...[1, 2, 3, 4, 5, 6].map((number) => volume(number))]));
    expect(result.done.length + result.failed.length).toBe(lab.libvirt.calls.length);
    expect(lab.libvirt.most()).toBe(4);
    expect(names(result.notDone)).toEqual(['create-volume v5', 'create-volume v6']);
    expect(lab.state.owned.volumes.has('/pool/v1.qcow2')).toBe(false);
    expect(lab.state.owned.volumes.get('/pool/v2.qcow2')?.state).toBe('made');
  });

  it('a full disk is told before libvirt is asked', async () => {
    const lab = scene();
    lab.state.beforeRecord = () => {
      throw new StateError('could not write /state/journal.ndjson: no space left on the disk');
    };
    const result = await lab.run(plan(LAB.slice(0, 3)));
    expect(result.failed.map(({ message }) => message)).toEqual(['could not write /state/journal.ndjson: no space left on the disk']);
    expect(lab.libvirt.calls).toEqual([]);
  });

  it('a disk that is full after the call: it says so, and the volume counts as begun', async () => {
    const lab = scene(
      memoryLibvirt({ pools: [{ name: 'homelab', uuid: uuid(2), xml: xmlOf('pool', 'homelab', 2), isActive: true, autostart: true }] }),
    );
    lab.state.beforeRecord = ({ state }) => {
      if (state === 'done') throw new StateError('no space left on the disk');
    };
    const result = await lab.run(plan([volume(1)]));
    expect(result.failed[0]).toMatchObject({
      isKnown: false,
      message: 'libvirt did it, and that could not be remembered: no space left on the disk',
    });
    expect(lab.state.owned.volumes.get('/pool/v1.qcow2')?.state).toBe('begun');
  });

  it('a libvirt that goes away during a call: nobody knows, so the volume stays begun', async () => {
    const lab = scene();
    lab.libvirt.intercept = () => {
      throw new ConnectionError('qemu:///system broke off in the middle', '');
    };
    const result = await lab.run(plan([volume(1)]));
    expect(result.failed[0]).toMatchObject({
      isKnown: false,
      message: 'qemu:///system broke off in the middle; whether it was done shows when this is run again',
    });
    expect(lab.state.owned.volumes.get('/pool/v1.qcow2')?.state).toBe('begun');
  });

  it('a libvirt that was not reached: nothing was done', async () => {
    const lab = scene();
    lab.libvirt.intercept = () => {
      throw new NotReachedError('qemu:///system does not answer', '');
    };
    const result = await lab.run(plan([volume(1)]));
    expect(result.failed[0]).toMatchObject({ isKnown: true, message: 'qemu:///system does not answer' });
    expect(lab.state.owned.volumes.size).toBe(0);
  });

  it('a call that does not end: nobody knows', async () => {
    const lab = scene();
    lab.libvirt.intercept = () => {
      throw new ConnectionError('virsh did not answer within 180 s', 'Look at libvirtd');
    };
    const result = await lab.run(plan(LAB.slice(0, 1)));
    expect(result.failed[0]).toMatchObject({ isKnown: false });
    expect(lab.state.entries.map(({ state }) => state)).toEqual(['begun']);
  });

  it('somebody asks to stop: the call that runs is ended and recorded', async () => {
    const lab = scene();
    let isStopped = false;
    lab.libvirt.intercept = () => {
      isStopped = true;
      return null;
    };
    const result = await lab.run(plan(LAB.slice(0, 3)), { isStopped: () => isStopped });
    expect(names(result.done)).toEqual(['define-network lab-net']);
    expect(result).toMatchObject({ isStopped: true, failed: [] });
    expect(lab.state.entries.at(-1)?.state).toBe('done');
  });
});

describe('a volume whose making was cut off', () => {
  const pools = [{ name: 'homelab', uuid: uuid(2), xml: xmlOf('pool', 'homelab', 2), isActive: true, autostart: true }];

  it('is made again', async () => {
    const lab = scene(memoryLibvirt({ pools, volumes: [half(0)] }));
    await lab.run(plan([volume(1, 'recreate-volume')]));
    expect(verbs(lab)).toEqual(['vol-delete', 'vol-create']);
    expect(lab.libvirt.state.volumes).toMatchObject([{ capacity: 1024, format: 'qcow2' }]);
  });

  it('stays when it holds something after all', async () => {
    const lab = scene(memoryLibvirt({ pools, volumes: [half(5 * 1024 ** 2)] }));
    const result = await lab.run(plan([volume(1, 'recreate-volume')]));
    expect(result.failed[0]?.message).toMatch(/\/pool\/v1\.qcow2 holds 5 MiB, so it is no unfinished volume/);
    expect(verbs(lab)).toEqual([]);
  });
});

describe('VMs that run when they are to be removed', () => {
  const shutDowns = [1, 2].map((number) =>
    action('domain', `vm${number}`, { do: 'shut-down-domain', uuid: uuid(10 + number), timeoutMs: 60_000 }),
  );
  const [shut1, shut2] = shutDowns;
  const [un1, un2] = undefines('as it ran');
  const destroy = plan(
    [shut1, un1, shut2, un2].filter((one) => one !== undefined),
    { command: 'destroy' },
  );

  it('are shut down before anything is removed, and what is removed is what is there then', async () => {
    const lab = scene(memoryLibvirt({ domains: domains() }));
    let asked = 0;
    const again = (): Promise<Plan> => Promise.resolve(plan(asked++ === 0 ? undefines('as it is when it is off') : []));
    const result = await lab.run(destroy, { again });
    expect(result).toMatchObject({ failed: [], notDone: [], left: [] });
    expect(verbs(lab)).toEqual(['shutdown', 'shutdown', 'shutdown', 'shutdown', 'undefine', 'undefine']);
    expect(lab.state.kept.map(({ xml }) => xml)).toEqual(['as it is when it is off', 'as it is when it is off']);
  });

  it('get their agent asked first, and no press of the power button where that helps', async () => {
    const lab = scene(memoryLibvirt({ domains: domains() }));
    lab.libvirt.obeys = 'agent';
    let asked = 0;
    await lab.run(destroy, { again: () => Promise.resolve(plan(asked++ === 0 ? undefines('off') : [])) });
    expect(lab.libvirt.calls.filter(([verb]) => verb === 'shutdown').map((words) => words.at(-1))).toEqual(['agent', 'agent']);
  });

  it('one does not shut down: nothing is removed, and its power stays on', async () => {
    const lab = scene(memoryLibvirt({ domains: domains() }));
    lab.libvirt.obeys = 'nobody';
    const result = await lab.run(destroy);
    expect(result.failed[0]?.message).toMatch(
      /^it still runs after 60 s \(Guest agent is not responding.*shut it down in the guest, or cut its power: passcheck vm stop vm1 --force$/,
    );
    expect(lab.libvirt.state.domains).toHaveLength(2);
    expect(verbs(lab).filter((verb) => verb !== 'shutdown')).toEqual([]);
  });

  it('and nobody waits for them any more when somebody asks to stop', async () => {
    const lab = scene(memoryLibvirt({ domains: domains() }));
    lab.libvirt.obeys = 'nobody';
    let asked = 0;
    const result = await lab.run(destroy, { isStopped: () => asked++ > 20 });
    expect(result).toMatchObject({ isStopped: true, done: [] });
    expect(result.failed[0]?.message).toBe('stopped while it shuts down');
    expect(lab.libvirt.calls.length).toBeLessThan(60);
  });

  it('somebody changes something meanwhile: nothing is removed', async () => {
    const lab = scene(memoryLibvirt({ domains: domains() }));
    const result = await lab.run(destroy, { again: () => Promise.resolve(plan(undefines('off').slice(0, 1))) });
    expect(result.problem).toMatch(/something else was changed meanwhile/);
    expect(names(result.notDone)).toEqual(['undefine-domain vm1', 'undefine-domain vm2']);
    expect(lab.libvirt.state.domains).toHaveLength(2);
  });
});

describe('looking again at the end', () => {
  it('names what libvirt did not take', async () => {
    const lab = scene();
    const changes = [{ field: 'memory', from: '8 GiB', to: '16 GiB', effect: 'now' as const }];
    const define = LAB.at(-1);
    if (define === undefined) throw new Error('the lab has VMs');
    const result = await lab.run(plan(LAB), { again: () => Promise.resolve(plan([{ ...define, changes }])) });
    expect(result.left?.map(({ message }) => message)).toEqual(['domain vm4: libvirt did not take memory (8 GiB, not 16 GiB)']);
  });

  it('names what is refused only now: a pool shows its volumes when it runs', async () => {
    const lab = scene();
    const refused = [{ object: { kind: 'volume' as const, name: 'disk' }, message: 'it has 1 GiB, and the spec wants 60 GiB', fix: null }];
    const result = await lab.run(plan(LAB), { again: () => Promise.resolve({ ...plan([]), refused }) });
    expect(result.left).toEqual([{ message: 'volume disk: it has 1 GiB, and the spec wants 60 GiB' }]);
  });

  it('says that it could not', async () => {
    const lab = scene();
    const lost = new ConnectionError('libvirt went away', '');
    expect(await lab.run(plan(LAB), { again: () => Promise.reject(lost) })).toMatchObject({
      failed: [],
      left: null,
      unseen: 'libvirt went away',
    });
  });
});
