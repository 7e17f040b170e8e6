import { describe, expect, it } from 'vitest';

import { desired, domain, network, pool, volume } from '../../../test/plan-world.ts';
import { batchConnection, type BatchAnswers, recordedConnection } from '../../../test/virsh-batch.ts';
import { ConnectionError } from '../../libvirt/connection.ts';
import type { CommandResult } from '../../host/source.ts';
import type { Desired } from '../desired.ts';
import { readWorld } from './read-world.ts';

const NICS = [{ network: 'lab-net' }, { network: 'default' }];
const IMAGES = '/var/lib/libvirt/images';

/** The spec that the recordings were made with. */
const HOMELAB = desired({
  networks: [network(), network({ name: 'default' })],
  pools: [pool()],
  volumes: ['dc01', 'sccm01', 'client01', 'client02'].map((label) => volume({ label })),
  domains: ['DC01', 'SCCM01', 'CLIENT01', 'CLIENT02'].map((name) => domain({ name, spec: { nics: NICS } })),
});

describe('readWorld, as libvirt 9.0 answers', () => {
  it('reads nothing where there is nothing', async () => {
    const connection = recordedConnection('empty');
    expect(await readWorld(connection, HOMELAB)).toEqual({ networks: [], pools: [], volumes: [], domains: [], users: [] });
    expect(connection.asked).toHaveLength(1);
  });

  it('reads the whole homelab with one process', async () => {
    const connection = recordedConnection('homelab');
    const world = await readWorld(connection, HOMELAB);
    expect(connection.asked).toHaveLength(1);
    expect(world.networks).toMatchObject([
      { name: 'default', isActive: true, autostart: true, live: expect.stringContaining('<port start=') },
      { name: 'lab-net', uuid: 'a1b2c3d4-0000-5000-8000-00000000000a', inactive: expect.stringMatching(/^<network>\n[^]*<\/network>$/) },
    ]);
    expect(world.pools).toMatchObject([{ name: 'homelab', isActive: true, autostart: true, path: `${IMAGES}/homelab` }]);
    expect(world.pools[0]?.availableBytes).toBeGreaterThan(1024 ** 3);
    expect(world.volumes.map(({ name, capacityBytes }) => [name, capacityBytes / 1024 ** 3])).toEqual([
      ['client01.qcow2', 60],
      ['client02.qcow2', 60],
      ['dc01.qcow2', 60],
      ['sccm01.qcow2', 100],
    ]);
    expect(world.domains.map(({ name, state, live }) => [name, state, live])).toEqual(
      ['CLIENT01', 'CLIENT02', 'DC01', 'SCCM01'].map((name) => [name, 'shut off', null]),
    );
    expect(world.users.find((user) => user.domain === 'DC01')).toEqual({
      domain: 'DC01',
      isActive: false,
      disks: [`${IMAGES}/homelab/dc01.qcow2`, '/var/lib/libvirt/iso/windows-server.iso', '/var/lib/libvirt/iso/virtio-win.iso'],
      macs: ['52:54:00:00:01:01', '52:54:00:00:01:02'],
      hostDevices: [],
      nvrams: ['/var/lib/libvirt/qemu/nvram/DC01.nvram'],
      owner: 'homelab',
    });
  });

  it('tells what runs from what starts next, and sees saved memory and snapshots', async () => {
    const { domains, volumes, users } = await readWorld(recordedConnection('running'), HOMELAB);
    const [client01, client02, dc01] = domains;
    expect(dc01).toMatchObject({ state: 'running', isActive: true, live: expect.stringContaining("<memory unit='KiB'>262144<") });
    expect(dc01?.inactive).toContain("<memory unit='KiB'>524288<");
    expect(client01).toMatchObject({ state: 'shut off', isActive: false, hasManagedSave: true });
    expect(client02).toMatchObject({ autostart: true, hasManagedSave: false, snapshots: ['before-update', 'two words'] });
    expect(volumes.find(({ name }) => name === 'client02.two words')?.backing).toBe(`${IMAGES}/homelab/client02.before-update`);
    expect(users.find((user) => user.domain === 'CLIENT02')?.disks).toContain(`${IMAGES}/homelab/client02.qcow2`);
  });

  it('sees what others have, whatever they call it', async () => {
    const connection = recordedConnection('foreign');
    const world = await readWorld(connection, HOMELAB, { everything: true });
    const user = (name: string): unknown => world.users.find((one) => one.domain === name);
    expect(world.domains.map(({ name }) => name)).toEqual(['CLIENT01', 'CLIENT02', 'DC01', 'SCCM01']);
    expect(user("it's; undefine DC01")).toMatchObject({ macs: ['52:54:00:ab:00:01'], hostDevices: ['0000:01:00.0'] });
    expect(user('voluser')).toMatchObject({ isActive: true, disks: [`${IMAGES}/homelab/ov.qcow2`, `${IMAGES}/homelab/base.qcow2`] });
    expect(user('fileuser')).toMatchObject({ disks: [`${IMAGES}/homelab/ov2.qcow2`, `${IMAGES}/homelab/base.qcow2`] });
    // Below the disk of a VM that does not run, in a pool that the spec does not know.
    expect(user('clone')).toMatchObject({ disks: [`${IMAGES}/other/clone.qcow2`, `${IMAGES}/homelab/dc01.qcow2`] });
    expect(user('outside')).toMatchObject({ disks: [`${IMAGES}/outside.qcow2`] });
    expect(world.networks.map(({ name }) => name)).toEqual(['default', 'lab-net', 'other-net']);
    expect(world.everything?.pools.map(({ name }) => name)).toEqual(['homelab', 'other']);
    expect(world.everything?.domains.find(({ name }) => name === 'voluser')?.isTransient).toBe(true);
    expect(world.everything?.domains).toHaveLength(9);
    expect(connection.asked).toHaveLength(3);
  });
});

const UUID = '11111111-2222-5333-8444-555555555555';
const OTHER = '99999999-2222-5333-8444-555555555555';
const LISTS = ['', 'net-', 'pool-'].flatMap((prefix) => [
  `${prefix}list --all ${prefix === 'net-' ? '' : '--uuid '}--name`,
  `${prefix}list --all --uuid`,
  `${prefix}list --uuid`,
  `${prefix}list --all --autostart --uuid`,
  `${prefix}list --all --transient --uuid`,
]);
const EMPTY: BatchAnswers = Object.fromEntries([...LISTS, 'list --all --with-managed-save --uuid'].map((command) => [command, '\n']));

function definition(name: string, uuid = UUID, rest = ''): string {
  return `<domain type='kvm'>\n  <name>${name}</name>\n  <uuid>${uuid}</uuid>\n${rest}</domain>\n\n`;
}

/** A libvirt with one domain, which answers to `word`. */
function oneDomain(name: string, word = name, text = definition(name)): BatchAnswers {
  return {
    ...EMPTY,
    'list --all --uuid --name': `${UUID} ${name}\n`,
    'list --all --uuid': `${UUID}\n`,
    [`dumpxml --inactive ${word}`]: text,
    [`dumpxml ${word}`]: text,
    [`domstate ${word}`]: 'shut off\n\n',
    [`snapshot-list --name ${word}`]: '',
  };
}

const ONE = desired({ domains: [domain({ name: 'DC01' })] });

async function complaint(answers: BatchAnswers, spec: Desired = ONE, change?: (result: CommandResult) => CommandResult): Promise<string> {
  const error: unknown = await readWorld(batchConnection(answers, change), spec).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConnectionError)) throw new Error('it did not complain', { cause: error });
  expect(error.hint).not.toBe('');
  return error.message;
}

describe('readWorld, when libvirt answers for a part only', () => {
  it.each([
    ['its definition', 'dumpxml --inactive DC01'],
    ['the running definition', 'dumpxml DC01'],
    ['the state', 'domstate DC01'],
    ['the snapshots', 'snapshot-list --name DC01'],
  ])('takes a VM that is listed and does not give %s for unread, not for absent', async (_what, command) => {
    expect(await complaint({ ...oneDomain('DC01'), [command]: 'error: Timed out during operation' })).toBe(
      `the VM DC01 is there and could not be read (virsh ${command}: Timed out during operation)`,
    );
  });

  it('does not take a list that is refused for an empty one', async () => {
    for (const command of Object.keys(EMPTY).filter((name) => name.startsWith('list'))) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other reads better
      expect(await complaint({ ...EMPTY, [command]: 'error: Failed to list domains' })).toContain('Failed to list domains');
    }
    expect(await complaint({ ...EMPTY, 'list --all --uuid': 'hello\n' })).toContain('something else than a list');
  });

  it('knows a domain of the spec by its UUID when it was renamed', async () => {
    const spec = desired({ domains: [domain({ name: 'DC01', uuid: UUID })] });
    const { domains } = await readWorld(batchConnection(oneDomain('renamed', UUID, definition('renamed'))), spec);
    expect(domains).toMatchObject([{ name: 'renamed', uuid: UUID }]);
  });

  it('needs the network driver only for a spec with networks', async () => {
    const none = 'error: this function is not supported by the connection driver: virConnectListAllNetworks';
    const answers = { ...EMPTY, 'net-list --uuid': none };
    expect(await complaint(answers, desired({ networks: [network()] }))).toContain(
      'does not list its networks: this function is not supported',
    );
    expect(await complaint(answers, desired({ domains: [domain({ spec: { nics: NICS } })] }))).toContain('does not list its networks');
    expect(await readWorld(batchConnection(answers), desired({ domains: [domain()] }))).toMatchObject({ networks: [], domains: [] });
  });

  it('needs the storage driver only for a spec with pools or volumes', async () => {
    const answers = { ...EMPTY, 'pool-list --all --uuid': "error: Failed to connect socket to '/run/libvirt/virtstoraged-sock'" };
    expect(await complaint(answers, desired({ pools: [pool()] }))).toContain('does not list its pools: Failed to connect socket');
    expect(await complaint(answers, desired({ volumes: [volume()] }))).toContain('does not list its pools');
    expect(await readWorld(batchConnection(answers), desired({ domains: [domain()] }))).toMatchObject({ pools: [] });
  });

  it('takes no other domain for one whose name is a number or a UUID', async () => {
    for (const name of ['7', UUID]) {
      const answers = { ...oneDomain(name, UUID), ...(name === '7' ? { 'dumpxml 7': definition('other', OTHER) } : {}) };
      const connection = batchConnection(answers);
      // oxlint-disable-next-line no-await-in-loop -- one after the other reads better
      const { domains } = await readWorld(connection, desired({ domains: [domain({ name })] }));
      expect(domains).toMatchObject([{ name, uuid: UUID }]);
      expect(connection.asked.join('\n')).not.toMatch(/dumpxml 7$/m);
    }
    expect(await complaint({ ...oneDomain('DC01'), 'dumpxml DC01': definition('other', OTHER) })).toContain('answers for another one');
  });

  it.each([
    ['not XML', 'garbage'],
    ['cut off', "<domain type='kvm'>\n  <name>DC01</name>\n"],
    ['another element', `<network>\n  <name>DC0</name>\n  <uuid>${UUID}</uuid>\n</network>`],
    ['a broken rest', definition('DC01', UUID, '  <devices><disk></devices>\n')],
  ])('refuses a definition that is %s', async (_what, text) => {
    expect(await complaint(oneDomain('DC01', 'DC01', text))).toMatch(/DC01.*(?:could not|cannot) be read/);
  });

  it('refuses an answer whose marks are not those that were asked for', async () => {
    const changed = (change: (text: string) => string) => async (): Promise<string> =>
      complaint(oneDomain('DC01'), ONE, (result) => ({ ...result, stdout: change(result.stdout) }));
    const tries = [
      changed(() => ''),
      changed(() => 'hello\n'),
      changed((text) => text.slice(0, text.length / 2)),
      changed((text) => text.replace('\n\u0001=3=\n', '\n\u0001=4=\n')),
      changed((text) => `${text}\n\u0001=1=\n`),
    ];
    for (const attempt of tries) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other reads better
      expect(await attempt()).toContain('printed something else');
    }
    expect(await complaint(oneDomain('DC01'), ONE, (result) => ({ ...result, stderr: '' }))).toContain('printed something else');
  });

  it('reads a definition that holds what looks like a mark', async () => {
    const rest = '  <description>\n=0=\n\n=1=\n</description>\n  <metadata><!-- </domain>\n=2=\n --></metadata>\n';
    const { domains } = await readWorld(batchConnection(oneDomain('DC01', 'DC01', definition('DC01', UUID, rest))), ONE);
    expect(domains[0]?.inactive).toContain('=2=');
  });
});

const POOL = `<pool type='dir'>\n  <name>homelab</name>\n  <uuid>${UUID}</uuid>\n  <target>\n    <path>/pools/homelab</path>\n  </target>\n</pool>\n`;
const POOLS: BatchAnswers = {
  ...EMPTY,
  'pool-list --all --uuid --name': `${UUID} homelab       \n`,
  'pool-list --all --uuid': UUID,
  'pool-list --uuid': UUID,
  'pool-dumpxml --inactive homelab': POOL,
  'pool-dumpxml homelab': POOL,
  'pool-refresh homelab': '',
  'vol-list homelab': ' dc01.qcow2   /pools/homelab/dc01.qcow2\n',
  "vol-dumpxml --pool homelab 'dc01.qcow2'":
    "<volume type='file'><name>dc01.qcow2</name><capacity unit='bytes'>5</capacity><target><path>/pools/homelab/dc01.qcow2</path></target></volume>",
};
const VOLUME = desired({ pools: [pool()], volumes: [volume()] });

describe('readWorld of pools', () => {
  it('reads a volume that is listed', async () => {
    expect(await readWorld(batchConnection(POOLS), VOLUME)).toMatchObject({
      pools: [{ name: 'homelab', availableBytes: null }],
      volumes: [{ pool: 'homelab', name: 'dc01.qcow2', capacityBytes: 5, format: 'raw', backing: null }],
    });
  });

  it('takes a volume that is not listed for absent, and one that is listed and gives nothing for unread', async () => {
    expect((await readWorld(batchConnection({ ...POOLS, 'vol-list homelab': '\n' }), VOLUME)).volumes).toEqual([]);
    expect(await complaint({ ...POOLS, "vol-dumpxml --pool homelab 'dc01.qcow2'": 'error: cannot open volume' }, VOLUME)).toContain(
      'cannot open',
    );
    expect(await complaint({ ...POOLS, "vol-dumpxml --pool homelab 'dc01.qcow2'": '<volume/>' }, VOLUME)).toContain(
      'prints something else',
    );
  });

  it('believes no list of a running pool that could not be looked through', async () => {
    const busy = "error: internal error: pool 'homelab' has asynchronous jobs running.";
    expect(await complaint({ ...POOLS, 'pool-refresh homelab': busy }, VOLUME)).toContain('the pool homelab could not be looked at');
    expect(await complaint({ ...POOLS, 'vol-list homelab': 'error: Failed to list volumes' }, VOLUME)).toContain('Failed to list volumes');
    // Looked into before the lists: one whose folder is gone is off in them.
    const stopped = {
      ...POOLS,
      'pool-list --uuid': '\n',
      'pool-refresh homelab': 'error: cannot open directory',
      'vol-list homelab': 'error: not active',
    };
    expect(await readWorld(batchConnection(stopped), VOLUME)).toMatchObject({ pools: [{ isActive: false }], volumes: [] });
  });
});

describe('readWorld of a spec with 1,000 VMs', () => {
  it('takes a process for as much as the kernel takes as one argument', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `${'a-vm-with-a-long-name'.repeat(2)}-${index}`);
    const connection = batchConnection(EMPTY);
    await readWorld(connection, desired({ domains: names.map((name) => domain({ name })) }));
    expect(Math.max(...connection.asked.map((text) => Buffer.byteLength(text)))).toBeLessThan(128 * 1024);
    expect(connection.asked.length).toBeLessThan(20);
    expect(
      names.every((name) => connection.asked.some((text) => text.includes(`domstate ${name};`) || text.includes(`domstate ${name}`))),
    ).toBe(true);
  });
});
