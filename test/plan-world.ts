import { ok, type Reading } from '../src/host/reading.ts';
import type { Desired, DesiredDomain, DesiredNetwork, DesiredPool, DesiredVolume } from '../src/provision/desired.ts';
import type { HostLook, LookedFile } from '../src/provision/host-look.ts';
import type { PlanRequest } from '../src/provision/plan/request.ts';
import { specSchema } from '../src/provision/spec/model.ts';
import type { Owned } from '../src/provision/state/model.ts';
import { withMark } from '../src/provision/diff/mark.ts';
import { el, type Tree, treeText } from '../src/provision/tree.ts';
import type { LiveDomain, LiveNetwork, LivePool, LiveVolume, World } from '../src/provision/world.ts';

export const GiB = 1024 ** 3;

/** A UUID that is told apart by its last digits. */
export function uuid(number: number): string {
  return `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`;
}

export function network(given: Partial<DesiredNetwork> = {}): DesiredNetwork {
  const { name = 'lab-net', uuid: id = uuid(1), bridge = 'virbr56' } = given;
  const tree = el('network', {}, [
    el('name', {}, name),
    el('uuid', {}, id),
    el('forward', { mode: 'nat' }),
    bridge === null ? null : el('bridge', { name: bridge, stp: 'on', delay: 0 }),
    el('ip', { address: '192.168.56.1', prefix: 24 }, [el('dhcp', {}, [el('range', { start: '192.168.56.100', end: '192.168.56.200' })])]),
  ]);
  const subnet = { first: 0xc0_a8_38_00, last: 0xc0_a8_38_ff };
  return { kind: 'network', name, uuid: id, tree, autostart: true, bridge, subnet, hasDhcp: true, ...given };
}

export function pool(given: Partial<DesiredPool> = {}): DesiredPool {
  const { name = 'homelab', uuid: id = uuid(2), path = '/pools/homelab' } = given;
  const tree = el('pool', { type: 'dir' }, [el('name', {}, name), el('uuid', {}, id), el('target', {}, [el('path', {}, path)])]);
  return { kind: 'pool', name, uuid: id, path, tree, autostart: true, ...given };
}

export function volume(given: Partial<DesiredVolume> = {}): DesiredVolume {
  const { label = 'dc01', pool: inPool = 'homelab', format = 'qcow2', capacityBytes = 60 * GiB } = given;
  const { name = `${label}.${format}` } = given;
  const tree = el('volume', {}, [
    el('name', {}, name),
    el('capacity', { unit: 'bytes' }, String(capacityBytes)),
    el('target', {}, [el('format', { type: format })]),
  ]);
  return { kind: 'volume', label, pool: inPool, name, path: `/pools/${inPool}/${name}`, capacityBytes, format, tree, ...given };
}

interface DomainGiven extends Partial<Omit<DesiredDomain, 'spec' | 'kind'>> {
  /** As under `vms` in a spec. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly macs?: readonly string[];
  readonly memoryKiB?: number;
}

const DISK = '/pools/homelab/dc01.qcow2';

export function domain({ spec: given = {}, macs = ['52:54:00:00:00:01'], ...rest }: DomainGiven = {}): DesiredDomain {
  const { name = 'DC01', uuid: id = uuid(4), memoryKiB = 8 * 1024 * 1024, disks = [DISK] } = rest;
  const parsed = specSchema.parse({ name: 'lab', vms: { [name]: { memory: '8 GiB', vcpus: 4, ...given } } }).vms[name];
  if (parsed === undefined) throw new Error('no VM');
  const devices: Tree[] = [
    ...disks.map((path, index) => diskTree(path, index)),
    ...macs.map((mac) =>
      el('interface', { type: 'network' }, [
        el('mac', { address: mac }),
        el('source', { network: 'lab-net' }),
        el('model', { type: 'virtio' }),
      ]),
    ),
  ];
  const tree = el('domain', { type: 'kvm' }, [
    el('name', {}, name),
    el('uuid', {}, id),
    el('memory', { unit: 'KiB' }, String(memoryKiB)),
    el('vcpu', {}, '4'),
    el('devices', {}, devices),
  ]);
  return {
    kind: 'domain',
    name,
    uuid: id,
    tree,
    autostart: false,
    spec: parsed,
    memoryKiB,
    nvramPath: `/nvram/${name}.nvram`,
    media: [],
    disks,
    ...rest,
  };
}

function diskTree(path: string, index: number): Tree {
  return el('disk', { type: 'file', device: 'disk' }, [
    el('driver', { name: 'qemu', type: 'qcow2' }),
    el('source', { file: path }),
    el('target', { dev: `vd${'abcdef'[index]}`, bus: 'virtio' }),
  ]);
}

export function desired(given: Partial<Desired> = {}): Desired {
  return { owner: 'lab', connection: 'qemu:///system', networks: [], pools: [], volumes: [], domains: [], ...given };
}

/** Of the four kinds one each. */
export function oneOfEach(): Desired {
  return desired({ networks: [network()], pools: [pool()], volumes: [volume()], domains: [domain()] });
}

export function world(given: Partial<World> = {}): World {
  return { networks: [], pools: [], volumes: [], domains: [], users: [], ...given };
}

/** As libvirt has it once it was applied: with the mark of the spec, and without where `owner` is null. */
export function liveNetwork(
  wanted: DesiredNetwork = network(),
  given: Partial<LiveNetwork> & { readonly owner?: string | null } = {},
): LiveNetwork {
  const { owner = 'lab', ...rest } = given;
  const inactive = treeText(owner === null ? wanted.tree : withMark(wanted.tree, owner));
  return {
    name: wanted.name,
    uuid: wanted.uuid,
    isActive: true,
    autostart: wanted.autostart,
    inactive,
    live: rest.inactive ?? inactive,
    ...rest,
  };
}

export function livePool(wanted: DesiredPool = pool(), given: Partial<LivePool> = {}): LivePool {
  const { name, uuid: id, path, autostart, tree } = wanted;
  return { name, uuid: id, path, autostart, isActive: true, inactive: treeText(tree), availableBytes: 500 * GiB, ...given };
}

/** {@link liveNetwork} for a domain, which is off. */
export function liveDomain(
  wanted: DesiredDomain = domain(),
  given: Partial<LiveDomain> & { readonly owner?: string | null } = {},
): LiveDomain {
  const { owner = 'lab', ...rest } = given;
  const { isActive = false } = rest;
  const inactive = treeText(owner === null ? wanted.tree : withMark(wanted.tree, owner));
  return {
    name: wanted.name,
    uuid: wanted.uuid,
    isActive,
    autostart: wanted.autostart,
    inactive,
    live: isActive ? (rest.inactive ?? inactive) : null,
    state: isActive ? 'running' : 'shut off',
    hasManagedSave: false,
    snapshots: [],
    ...rest,
  };
}

/** Everything of a spec as it is once it was applied. */
export function applied({ networks, pools, volumes, domains }: Desired): World {
  return {
    networks: networks.map((one) => liveNetwork(one)),
    pools: pools.map((one) => livePool(one)),
    volumes: volumes.map(({ pool: inPool, name, path, capacityBytes, format }) =>
      liveVolume({ pool: inPool, name, path, capacityBytes, format }),
    ),
    domains: domains.map((one) => liveDomain(one)),
    users: domains.map(({ name, disks }) => ({ domain: name, isActive: false, disks })),
  };
}

/** What passcheck remembers of a spec once it was applied. */
export function ownedBy({ owner, pools, volumes }: Desired): Owned {
  return {
    pools: new Map(pools.map(({ uuid: id }) => [id, owner])),
    volumes: new Map(volumes.map(({ path, pool: inPool }) => [path, { owner, pool: inPool, state: 'made' }])),
  };
}

export function liveVolume(given: Partial<LiveVolume> = {}): LiveVolume {
  return {
    pool: 'homelab',
    name: 'dc01.qcow2',
    path: '/pools/homelab/dc01.qcow2',
    capacityBytes: 60 * GiB,
    format: 'qcow2',
    backing: null,
    ...given,
  };
}

/** A host that has everything, and nothing in the way. */
export function look(given: Partial<HostLook> = {}): HostLook {
  return {
    hostId: 'host-1',
    files: new Map(),
    freeBytes: new Map([['/pools/homelab', ok(500 * GiB)]]),
    swtpm: ok('/usr/bin/swtpm'),
    dnsmasq: ok('/usr/sbin/dnsmasq'),
    firmware: ok({ uefi: true, secureBoot: true }),
    pciIds: ok(new Map()),
    subnets: ok([]),
    ...given,
  };
}

export function file(given: Partial<LookedFile> = {}): Reading<LookedFile> {
  return ok({ kind: 'file', bytes: 5 * GiB, image: null, ...given });
}

export function owned({
  pools = {},
  volumes = {},
}: { pools?: Record<string, string>; volumes?: Record<string, 'made' | 'begun'> } = {}): Owned {
  return {
    pools: new Map(Object.entries(pools)),
    volumes: new Map(Object.entries(volumes).map(([path, state]) => [path, { owner: 'lab', pool: 'homelab', state }])),
  };
}

export function request(given: Partial<PlanRequest> = {}): PlanRequest {
  return { desired: desired(), world: world(), look: look(), owned: owned(), version: '1.2.3', source: 'name: lab\n', ...given };
}

/** Its words, for readers: `refused: …`, `note: …`. */
export function remarks(plan: {
  readonly refused: readonly { readonly message: string }[];
  readonly notes: readonly { readonly message: string }[];
}): readonly string[] {
  return [...plan.refused.map(({ message }) => `refused: ${message}`), ...plan.notes.map(({ message }) => `note: ${message}`)];
}
