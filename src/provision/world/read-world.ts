import { posix } from 'node:path';

import type { Connection } from '../../libvirt/connection.ts';
import type { Desired } from '../desired.ts';
import type { World } from '../world.ts';
import { diskUsers, domainUse, type RealPath } from './disk-users.ts';
import { firstLook } from './first-look.ts';
import { imageChains } from './image-chains.ts';
import { readForeign } from './read-foreign.ts';
import { wantedOf } from './wanted.ts';

export interface ReadOptions {
  /** Fills {@link World.everything}. */
  readonly everything?: boolean;
  /** Of this machine; without it, a disk that is named through a link is not found to be one of the pools. */
  readonly real?: RealPath;
}

/**
 * What libvirt has: with one `virsh` process where it has nothing beside the spec, with a second one for what it has beside it, and with
 * a third where disks of others lie outside of the spec's pools. Throws a `ConnectionError` when libvirt does not answer, or answers
 * for a part only; there is no half world.
 */
export async function readWorld(
  connection: Connection,
  desired: Desired,
  { everything = false, real = (path) => posix.normalize(path) }: ReadOptions = {},
): Promise<World> {
  const wanted = wantedOf(desired);
  const drivers = { networks: everything || wanted.networks.length > 0, pools: everything || wanted.pools.length > 0 };
  const look = await firstLook(connection, wanted, drivers);
  // Only who makes a network has to know the bridges of others.
  const foreign = await readForeign(connection, look, {
    networks: everything || desired.networks.length > 0,
    // libvirt makes no second pool of a folder.
    pools: everything || desired.pools.some(({ name }) => !look.lists.pools.names.has(name)),
  });
  const networks = byName([...look.networks, ...foreign.networks]);
  const pools = byName([...look.pools, ...foreign.pools]);
  const domains = byName([...look.domains, ...foreign.domains]);
  const volumes = [...look.volumes, ...foreign.volumes].toSorted((a, b) => order(a.path, b.path));
  const [names, uuids] = [new Set(wanted.domains), new Set(desired.domains.map((domain) => domain.uuid))];
  const uses = domains.map(domainUse);
  const images = await imageChains(
    connection,
    uses.flatMap(({ devices }) => devices.flatMap((one) => one.images)),
    { known: volumes, real },
  );
  return {
    networks,
    // One of another name is in the way of one to be made.
    pools: pools.filter(
      ({ name, uuid, path }) => wanted.pools.includes(name) || desired.pools.some((one) => one.uuid === uuid || one.path === path),
    ),
    volumes,
    // One of another name has been renamed.
    domains: domains.filter(({ name, uuid }) => names.has(name) || uuids.has(uuid)),
    users: diskUsers(uses, { pools, images, real }),
    ...(everything ? { everything: { networks, pools, domains } } : {}),
  };
}

function byName<Thing extends { readonly name: string }>(things: readonly Thing[]): readonly Thing[] {
  return things.toSorted((a, b) => order(a.name, b.name));
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
