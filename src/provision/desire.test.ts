import { describe, expect, it } from 'vitest';

import { homelab, UNPINNED } from '../../test/provisioned.ts';
import { desire, type DesireContext } from './desire.ts';
import type { Desired } from './desired.ts';
import { macAddress } from './identity.ts';
import { NOTHING_KEPT } from './kept-identity.ts';
import { type Spec, specSchema } from './spec/model.ts';
import { type Tree, treeText } from './tree.ts';

const UUID = '3fcf372d-60c6-4bd1-91a5-b5f64a4988ef';
const OTHER = '4fcf372d-60c6-4bd1-91a5-b5f64a4988ef';
const plain = { memory: '1 GiB', vcpus: 1 };

function lab(vms: object, more: object = {}): Spec {
  return specSchema.parse({ name: 'lab', vms, ...more });
}

function below(tree: Tree, name: string): readonly Tree[] {
  return tree.children.filter((child) => child.name === name);
}

/** The MAC addresses of each VM's cards. */
function macsOf({ domains }: Desired): Readonly<Record<string, readonly (string | undefined)[]>> {
  return Object.fromEntries(
    domains.map(({ name, tree }) => {
      const cards = below(tree, 'devices').flatMap((devices) => below(devices, 'interface'));
      return [name, cards.flatMap((card) => below(card, 'mac').map((mac) => mac.attributes['address']))];
    }),
  );
}

describe('desire', () => {
  it('gives the same for the same, and nothing of it twice', () => {
    const desired = desire(homelab, UNPINNED);
    expect(desire(homelab, UNPINNED)).toEqual(desired);
    const objects = [...desired.networks, ...desired.pools, ...desired.domains];
    expect(new Set(objects.map(({ uuid }) => uuid)).size).toBe(objects.length);
    expect(new Set(Object.values(macsOf(desired)).flat()).size).toBe(8);
    expect(desire(homelab, { ...UNPINNED, hostId: 'other' }).domains[0]?.uuid).not.toBe(desired.domains[0]?.uuid);
  });

  it('says of networks, pools and volumes what a plan asks', () => {
    const { owner, connection, networks, pools, volumes } = desire(homelab, UNPINNED);
    expect({ owner, connection }).toEqual({ owner: 'homelab', connection: 'qemu:///system' });
    expect(networks[0]).toMatchObject({ name: 'lab-net', bridge: 'virbr56', hasDhcp: true, autostart: true });
    expect(networks[0]?.subnet).toEqual({ first: 0xc0_a8_38_00, last: 0xc0_a8_38_ff });
    expect(pools).toMatchObject([{ name: 'homelab', path: '/var/lib/libvirt/images/homelab', autostart: true }]);
    expect(volumes[0]).toMatchObject({
      label: 'dc01',
      pool: 'homelab',
      name: 'dc01.qcow2',
      path: '/var/lib/libvirt/images/homelab/dc01.qcow2',
      capacityBytes: 60 * 1024 ** 3,
      format: 'qcow2',
    });
  });

  it('takes a UUID of the spec before that of what is there, and that before one of its own', () => {
    const kept = {
      ...NOTHING_KEPT,
      domain: new Map([
        ['a', { uuid: UUID, macs: new Map() }],
        ['b', { uuid: UUID, macs: new Map() }],
      ]),
    };
    const { domains } = desire(lab({ a: plain, b: { ...plain, uuid: OTHER.toUpperCase() }, c: plain }), { ...UNPINNED, kept });
    expect(domains.map(({ uuid }) => uuid)).toEqual([UUID, OTHER, expect.stringMatching(/-5...-/)]);
  });

  it('takes a MAC address of the spec before that of the card that is there, and that before one of its own', () => {
    const nics = [{ network: 'n' }, { network: 'n', mac: '52:54:00:00:00:01' }, { network: 'n' }];
    const macs = new Map([
      ['ua-pc-nic-0', '52:54:00:AA:AA:AA'],
      ['ua-pc-nic-1', '52:54:00:bb:bb:bb'],
    ]);
    const kept = { ...NOTHING_KEPT, domain: new Map([['a', { uuid: UUID, macs }]]) };
    const desired = desire(lab({ a: { ...plain, nics } }), { ...UNPINNED, kept });
    expect(macsOf(desired)).toEqual({ a: ['52:54:00:aa:aa:aa', '52:54:00:00:00:01', macAddress(UUID, 2)] });
  });

  it('keeps the address of a bridge that is there', () => {
    const kept = { ...NOTHING_KEPT, network: new Map([['n', { uuid: UUID, macs: new Map([['bridge', '52:54:00:01:02:03']]) }]]) };
    const { networks } = desire(lab({}, { networks: { n: { address: '10.0.0.1/24' } } }), { ...UNPINNED, kept });
    expect(networks[0]?.uuid).toBe(UUID);
    expect(treeText(networks[0]?.tree ?? { name: '', attributes: {}, text: null, children: [] })).toContain("'52:54:00:01:02:03'");
  });

  it('gives no card the address of another one, of which three bytes make some in a large lab', () => {
    const nics = Array.from({ length: 8 }, () => ({ network: 'n' }));
    const vms = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`vm${index}`, { ...plain, nics }]));
    const desired = desire(lab(vms), UNPINNED);
    const byRule = desired.domains.flatMap(({ uuid }) => nics.map((_, index) => macAddress(uuid, index)));
    expect(new Set(byRule).size).toBeLessThan(8000);
    const given = Object.values(macsOf(desired)).flat();
    expect(given).toHaveLength(8000);
    expect(new Set(given).size).toBe(8000);
  });

  it('leaves an address that is asked for to the one who asks', () => {
    const own = macAddress(desire(lab({ a: plain }), UNPINNED).domains[0]?.uuid ?? '', 0);
    const card = { network: 'n' };
    const desired = desire(lab({ a: { ...plain, nics: [card] }, b: { ...plain, nics: [{ ...card, mac: own }] } }), UNPINNED);
    const { a, b } = macsOf(desired);
    expect(b).toEqual([own]);
    expect(a).not.toEqual([own]);
  });

  it('lets no two VMs share the memory of Looking Glass', () => {
    const glass = { ...plain, lookingGlass: {} };
    const { domains } = desire(lab({ a: plain, b: glass, c: glass }), UNPINNED);
    expect(domains.map(({ tree }) => /<shmem name='([^']+)'/.exec(treeText(tree))?.[1])).toEqual([
      undefined,
      'looking-glass',
      'looking-glass-c',
    ]);
  });

  it('writes paths as libvirt does, and sizes that an image can have', () => {
    const spec = lab({}, { pools: { p: { path: '//images///a/' } }, volumes: { v: { pool: 'p', size: '1.001 GiB', format: 'raw' } } });
    const { pools, volumes } = desire(spec, UNPINNED);
    expect(pools[0]?.path).toBe('/images/a');
    expect(volumes[0]).toMatchObject({ path: '/images/a/v.raw', capacityBytes: 1_074_816_000 });
    const root = desire(lab({}, { pools: { p: { path: '/' } }, volumes: { v: { pool: 'p', size: '1 GiB' } } }), UNPINNED);
    expect(root.volumes[0]?.path).toBe('/v.qcow2');
  });

  it('stops where a spec names what it does not have, as only one that nobody checked does', () => {
    const disks = [{ volume: 'constructor' }];
    const unchecked: readonly [Spec, DesireContext][] = [
      [lab({ a: { ...plain, disks } }), UNPINNED],
      [lab({ a: { ...plain, media: ['gone'] } }), UNPINNED],
      [lab({}, { volumes: { v: { pool: 'gone', size: '1 GiB' } } }), UNPINNED],
    ];
    for (const [spec, context] of unchecked) expect(() => desire(spec, context)).toThrow(RangeError);
  });
});
