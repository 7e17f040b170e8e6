import { nearest } from '../../nearest.ts';
import type { DesiredVolume } from '../desired.ts';
import { type Holder, holderOf, holderWords, poolHolder } from './holder.ts';
import type { Plan, PlannedObject } from './model.ts';
import { joined, note, type Part, part, refusal } from './part.ts';
import { planOf } from './plan-of.ts';
import type { Removal, RemovalRequest } from './removal.ts';
import { removeDomain } from './remove-domain.ts';
import { removeNetwork } from './remove-network.ts';
import { removePool } from './remove-pool.ts';
import { removeVolume } from './remove-volume.ts';
import { type PlanContext, planContext, volumeKey } from './request.ts';
import { nameList } from './words.ts';

export interface DestroyRequest extends RemovalRequest {
  /** Names of objects of the spec; none: all of it. */
  readonly names: readonly string[];
}

/** Something that is there, and what takes it away. */
interface Candidate {
  readonly object: PlannedObject;
  readonly holder: Holder;
  remove(removal: Removal): Part;
}

/** Takes away what a spec made, or some of it: VMs first, then what they used. What is not passcheck's own stays. */
export function planDestroy(request: DestroyRequest): Plan {
  const context = planContext(request);
  const { names } = request;
  const isNamed = ({ object }: Candidate): boolean => names.length === 0 || names.includes(object.name);
  const domains = domainCandidates(context).filter(isNamed);
  const others = [...poolCandidates(context), ...networkCandidates(context)].filter(isNamed);
  const own = domains.filter(({ holder }) => holder.state === 'own').map(({ object }) => object.name);
  const removal: Removal = { ...request, context, removed: new Set(own) };
  const taken = (candidate: Candidate): Part =>
    candidate.holder.state === 'own' ? candidate.remove(removal) : leftAlone(candidate, names);
  const volumes = selectedVolumes(removal, names);
  return planOf(
    'destroy',
    request,
    joined([
      unknownNames(request),
      ...domains.map(taken),
      ...volumes.map((volume) => removeVolume(volume, removal)),
      keptDisks(removal, volumes, names),
      ...others.map(taken),
    ]),
  );
}

function domainCandidates({ desired, domains }: PlanContext): readonly Candidate[] {
  return desired.domains.flatMap(({ name }) => {
    const live = domains.get(name);
    if (live === undefined) return [];
    const remove = (removal: Removal): Part => removeDomain(live, removal);
    return [{ object: { kind: 'domain', name }, holder: holderOf(live, desired.owner), remove } as const];
  });
}

function poolCandidates(context: PlanContext): readonly Candidate[] {
  return context.desired.pools.flatMap(({ name }) => {
    const live = context.pools.get(name);
    if (live === undefined) return [];
    return [
      {
        object: { kind: 'pool', name },
        holder: poolHolder(live, context),
        remove: (removal: Removal) => removePool(live, removal),
      } as const,
    ];
  });
}

function networkCandidates({ desired, networks }: PlanContext): readonly Candidate[] {
  return desired.networks.flatMap(({ name }) => {
    const live = networks.get(name);
    if (live === undefined) return [];
    const remove = (removal: Removal): Part => removeNetwork(live, removal);
    return [{ object: { kind: 'network', name }, holder: holderOf(live, desired.owner), remove } as const];
  });
}

/** Whoever names an object of another gets told; beside the rest of the spec it is only left alone. */
function leftAlone({ object, holder }: Candidate, names: readonly string[]): Part {
  const message = `left alone: ${holderWords(holder)}`;
  return names.length === 0 ? note(object, message) : refusal(object, message, 'Leave out its name');
}

/** The volumes to delete: those that are named, or all that only what is removed can use. */
function selectedVolumes({ desired, deleteDisks, removed }: Removal, names: readonly string[]): readonly DesiredVolume[] {
  if (deleteDisks !== 'all') return desired.volumes.filter(({ label }) => deleteDisks.includes(label));
  const disks = new Set(desired.domains.filter(({ name }) => names.length === 0 || removed.has(name)).flatMap((domain) => domain.disks));
  return desired.volumes.filter(({ path, label }) => names.length === 0 || disks.has(path) || names.includes(label));
}

function keptDisks({ context, desired }: Removal, deleted: readonly DesiredVolume[], names: readonly string[]): Part {
  if (names.length > 0) return part({});
  const kept = desired.volumes.filter((volume) => !deleted.includes(volume) && context.volumes.has(volumeKey(volume)));
  if (kept.length === 0) return part({});
  const labels = nameList(kept.map(({ label }) => label));
  return note(null, `the disks ${labels} stay, with what they hold`, 'Name those that are to be deleted: --delete-disks NAME');
}

/** A word that is nothing's name must not be taken for "nothing to do". */
function unknownNames({ desired, names, deleteDisks }: DestroyRequest): Part {
  const labels = desired.volumes.map(({ label }) => label);
  const known = [...[...desired.domains, ...desired.pools, ...desired.networks].map(({ name }) => name), ...labels];
  const disks = deleteDisks === 'all' ? [] : deleteDisks;
  return joined([
    ...names.filter((name) => !known.includes(name)).map((name) => unknown(name, 'object', known)),
    ...disks.filter((name) => !labels.includes(name)).map((name) => unknown(name, 'volume', labels)),
  ]);
}

function unknown(name: string, what: string, known: readonly string[]): Part {
  const meant = nearest(name, known);
  return refusal(
    null,
    `the spec has no ${what} ${name}`,
    meant === undefined ? `There are: ${nameList(known, 20)}` : `Did you mean ${meant}?`,
  );
}
