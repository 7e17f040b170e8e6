import { holderOf } from './holder.ts';
import type { Plan } from './model.ts';
import { joined, note, type Part, refusal } from './part.ts';
import { planOf } from './plan-of.ts';
import type { Removal, RemovalRequest } from './removal.ts';
import { removeDomain } from './remove-domain.ts';
import { removeNetwork } from './remove-network.ts';
import { removePool } from './remove-pool.ts';
import { planContext } from './request.ts';
import { nameList } from './words.ts';

/** Takes away what was made from a spec and is no longer in it: VMs, networks and pools. Disks stay, every one. */
export function planPrune(request: RemovalRequest): Plan {
  const { world, desired, owned } = request;
  const { everything } = world;
  if (everything === undefined) {
    return planOf('prune', request, refusal(null, 'could not look through everything that libvirt has', 'Plan again'));
  }
  const isOwn = (live: { readonly inactive: string }): boolean => holderOf(live, desired.owner).state === 'own';
  const domains = unlisted(everything.domains, desired.domains).filter(isOwn);
  const networks = unlisted(everything.networks, desired.networks).filter(isOwn);
  const pools = unlisted(everything.pools, desired.pools).filter(({ uuid }) => owned.pools.get(uuid) === desired.owner);
  const context = planContext({ ...request, world: { ...world, ...everything } });
  const removal: Removal = { ...request, world: context.world, context, removed: new Set(domains.map(({ name }) => name)) };
  return planOf(
    'prune',
    request,
    joined([
      ...domains.map((live) => removeDomain(live, removal)),
      ...pools.map((live) => removePool(live, removal)),
      ...networks.map((live) => removeNetwork(live, removal)),
      keptVolumes(request),
    ]),
  );
}

function unlisted<Live extends { readonly name: string }>(
  there: readonly Live[],
  listed: readonly { readonly name: string }[],
): readonly Live[] {
  const names = new Set(listed.map(({ name }) => name));
  return there.filter(({ name }) => !names.has(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function keptVolumes({ desired, owned }: RemovalRequest): Part {
  const listed = new Set(desired.volumes.map(({ path }) => path));
  const paths = [...owned.volumes].filter(([path, { owner }]) => owner === desired.owner && !listed.has(path)).map(([path]) => path);
  if (paths.length === 0) return joined([]);
  return note(
    null,
    `volumes that were made for ${desired.owner} and are no longer in it stay: ${nameList(paths, 10)}`,
    'Delete by hand what nobody wants any more',
  );
}
