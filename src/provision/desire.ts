import type { Desired, DesiredDomain, DesiredNetwork, DesiredPool, DesiredVolume } from './desired.ts';
import { type Identified, macAddress, objectUuid } from './identity.ts';
import type { KeptIdentities, KeptIdentity } from './kept-identity.ts';
import { macAddresses } from './mac-chooser.ts';
import { domainTree } from './render/domain.ts';
import type { Machine, PinLayout } from './render/machine.ts';
import { machineOf } from './render/machines.ts';
import { networkTree } from './render/network.ts';
import { poolTree, volumeTree } from './render/storage.ts';
import type { NetworkSpec, PoolSpec, Spec, VolumeSpec } from './spec/model.ts';
import { sizeBytes } from './spec/size.ts';
import { parseSubnet } from './spec/subnet.ts';
import { volumeFile } from './spec/volume-file.ts';

/** Bytes; QEMU makes images of whole ones. */
const SECTOR = 512;

/** What definitions are made from beside the spec. */
export interface DesireContext {
  /** A hash of the machine-id. */
  readonly hostId: string;
  /** What objects of the spec that are there already are known by. */
  readonly kept: KeptIdentities;
  /** Where VMs with pins run, by their names. One with `pins: auto` that is missing is left unpinned: somebody says why. */
  readonly pins: ReadonlyMap<string, PinLayout>;
}

/**
 * What a spec asks for in libvirt's terms. The same spec and context give the same. What a spec was checked for is taken for
 * granted (the volume of a disk is there); throws a `RangeError` where it is not so.
 */
export function desire(spec: Spec, context: DesireContext): Desired {
  const { name: owner, connection } = spec;
  return {
    owner,
    connection,
    networks: Object.entries(spec.networks).map(([name, network]) =>
      desiredNetwork(identityOf(spec, context, 'network', name), name, network),
    ),
    pools: Object.entries(spec.pools).map(([name, pool]) => desiredPool(identityOf(spec, context, 'pool', name), name, pool)),
    volumes: volumesOf(spec),
    domains: machinesOf(spec, context).map(desiredDomain),
  };
}

/** The VMs of a spec, with all that their definitions say. */
export function machinesOf(spec: Spec, context: DesireContext): readonly Machine[] {
  const volumes = new Map(volumesOf(spec).map((volume) => [volume.label, volume]));
  const vms = Object.entries(spec.vms).map(([name, vm]) => ({ name, vm, identity: identityOf(spec, context, 'domain', name) }));
  // What is said or there already goes before what is still to be chosen.
  const taken = new Set(
    vms
      .flatMap(({ vm, identity }) => [...vm.nics.flatMap(({ mac }) => mac ?? []), ...identity.macs.values()])
      .map((mac) => mac.toLowerCase()),
  );
  for (const name of Object.keys(spec.networks)) taken.add(bridgeMac(identityOf(spec, context, 'network', name)));
  return vms.map(({ name, vm, identity }) => {
    const macs = macAddresses(vm.nics, identity, taken);
    return machineOf(spec, volumes, { name, uuid: identity.uuid, macs }, context.pins.get(name));
  });
}

/** An explicit UUID, else that of what is there, else one of its own. */
function identityOf(spec: Spec, { hostId, kept }: DesireContext, kind: Identified['kind'], name: string): KeptIdentity {
  const own = { network: spec.networks, pool: spec.pools, domain: spec.vms }[kind][name]?.uuid;
  const live = kept[kind].get(name);
  return { uuid: own ?? live?.uuid ?? objectUuid({ hostId, connection: spec.connection, kind, name }), macs: live?.macs ?? new Map() };
}

function bridgeMac({ uuid, macs }: KeptIdentity): string {
  return macs.get('bridge')?.toLowerCase() ?? macAddress(uuid, 0);
}

function desiredNetwork(identity: KeptIdentity, name: string, network: NetworkSpec): DesiredNetwork {
  const { uuid } = identity;
  const { first, last } = parseSubnet(network.address);
  return {
    kind: 'network',
    name,
    uuid,
    tree: networkTree({ name, uuid, mac: bridgeMac(identity) }, network),
    autostart: network.autostart,
    bridge: network.bridge ?? null,
    subnet: { first, last },
    hasDhcp: network.dhcp !== undefined,
  };
}

function desiredPool({ uuid }: KeptIdentity, name: string, pool: PoolSpec): DesiredPool {
  const path = plainPath(pool.path);
  return { kind: 'pool', name, uuid, tree: poolTree({ name, uuid, path }), autostart: pool.autostart, path };
}

function volumesOf(spec: Spec): readonly DesiredVolume[] {
  return Object.entries(spec.volumes).map(([label, volume]) => desiredVolume(spec, label, volume));
}

function desiredVolume(spec: Spec, label: string, volume: VolumeSpec): DesiredVolume {
  const pool = spec.pools[volume.pool];
  if (pool === undefined) throw new RangeError(`the spec has no pool ${volume.pool}`);
  const made = {
    name: volumeFile(label, volume),
    capacityBytes: Math.ceil(sizeBytes(volume.size) / SECTOR) * SECTOR,
    format: volume.format,
  };
  const path = plainPath(`${pool.path}/${made.name}`);
  return { kind: 'volume', label, pool: volume.pool, path, ...made, tree: volumeTree(made) };
}

/** As libvirt writes the path of a pool: each slash once, none at the end. */
function plainPath(path: string): string {
  const plain = path.replaceAll(/\/{2,}/g, '/');
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain;
}

function desiredDomain(machine: Machine): DesiredDomain {
  const { name, uuid, vm, memoryKiB, nvramPath, media } = machine;
  return {
    kind: 'domain',
    name,
    uuid,
    tree: domainTree(machine),
    autostart: vm.autostart,
    spec: vm,
    memoryKiB,
    nvramPath,
    media,
    disks: machine.disks.map(({ path }) => path),
  };
}
