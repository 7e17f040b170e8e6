import { groupedBy } from '../../grouped.ts';
import type { Desired } from '../desired.ts';
import type { HostLook } from '../host-look.ts';
import type { VmPins } from '../pins.ts';
import type { Owned } from '../state/model.ts';
import type { DiskUser, LiveDomain, LiveNetwork, LivePool, LiveVolume, World } from '../world.ts';

/** Everything that a plan is made from. */
export interface PlanRequest {
  readonly desired: Desired;
  readonly world: World;
  readonly look: HostLook;
  readonly owned: Owned;
  /** Where the VMs with pins run, or why nobody can say; a VM without pins is not in it. */
  readonly pins?: ReadonlyMap<string, VmPins>;
  /** Of passcheck. */
  readonly version: string;
  /** The text of the spec. */
  readonly source: string | null;
}

/** A request with what is looked up in it: a spec can have 1,000 VMs. */
export interface PlanContext extends PlanRequest {
  readonly networks: ReadonlyMap<string, LiveNetwork>;
  readonly pools: ReadonlyMap<string, LivePool>;
  readonly domains: ReadonlyMap<string, LiveDomain>;
  /** By their UUIDs: their names can be others than those of the spec. */
  readonly uuids: { readonly networks: ReadonlyMap<string, LiveNetwork>; readonly pools: ReadonlyMap<string, LivePool> } & {
    readonly domains: ReadonlyMap<string, LiveDomain>;
  };
  /** By pool and name; see {@link volumeKey}. */
  readonly volumes: ReadonlyMap<string, LiveVolume>;
  /** Domains by the paths of their disks. */
  readonly users: ReadonlyMap<string, readonly DiskUser[]>;
  /** Volumes by the image that they are built on. */
  readonly overlays: ReadonlyMap<string, readonly LiveVolume[]>;
  /** Names of the domains of the spec, and of those that were renamed. */
  readonly own: ReadonlySet<string>;
}

export function planContext(request: PlanRequest): PlanContext {
  const { world } = request;
  const uses = world.users.flatMap((user) => [...new Set(user.disks)].map((path) => ({ path, user })));
  return {
    ...request,
    networks: byName(world.networks),
    pools: byName(world.pools),
    domains: byName(world.domains),
    uuids: { networks: byUuid(world.networks), pools: byUuid(world.pools), domains: byUuid(world.domains) },
    volumes: new Map(world.volumes.map((volume) => [volumeKey(volume), volume])),
    users: new Map([...groupedBy(uses, ({ path }) => path)].map(([path, found]) => [path, found.map(({ user }) => user)])),
    overlays: groupedBy(world.volumes, ({ backing }) => backing),
    own: ownNames(request),
  };
}

/** Names have no slash. */
export function volumeKey({ pool, name }: { readonly pool: string; readonly name: string }): string {
  return `${pool}/${name}`;
}

function byName<Thing extends { readonly name: string }>(things: readonly Thing[]): ReadonlyMap<string, Thing> {
  return new Map(things.map((thing) => [thing.name, thing]));
}

function byUuid<Thing extends { readonly uuid: string }>(things: readonly Thing[]): ReadonlyMap<string, Thing> {
  return new Map(things.map((thing) => [thing.uuid, thing]));
}

function ownNames({ world, desired }: PlanRequest): ReadonlySet<string> {
  const uuids = new Set(desired.domains.map(({ uuid }) => uuid));
  const renamed = world.domains.filter(({ uuid }) => uuids.has(uuid));
  return new Set([...desired.domains, ...renamed].map(({ name }) => name));
}
