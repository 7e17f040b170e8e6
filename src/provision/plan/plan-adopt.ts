import { nearest } from '../../nearest.ts';
import { marked } from '../diff/mark.ts';
import type { DesiredDomain, DesiredNetwork, DesiredPool, DesiredVolume } from '../desired.ts';
import type { OwnedVolume } from '../state/model.ts';
import type { LiveDomain, LiveNetwork, World } from '../world.ts';
import { changeText } from './change-words.ts';
import { MARK_FIELD } from './comparison.ts';
import { readDefinition } from './definition.ts';
import { type Holder, holderOf, holderWords, poolHolder } from './holder.ts';
import type { Action, Plan, PlannedObject, Remark, Step } from './model.ts';
import { joined, note, type Part, part, refusal } from './part.ts';
import { planApply } from './plan-apply.ts';
import { planOf } from './plan-of.ts';
import { type PlanContext, planContext, type PlanRequest, volumeKey } from './request.ts';
import { nameList } from './words.ts';

export interface AdoptRequest extends PlanRequest {
  /** Names of objects of the spec; none: all of it. */
  readonly names: readonly string[];
}

/** Something to take over: whose it is now, and what makes it this spec's. */
interface Candidate {
  readonly object: PlannedObject;
  readonly holder: Holder;
  readonly step: Step | null;
}

/** Makes what is there this spec's own: by a mark in its definition and nothing else, or in what passcheck remembers. */
export function planAdopt(request: AdoptRequest): Plan {
  const context = planContext(request);
  const { names, desired } = request;
  const candidates = candidatesOf(context);
  const known = [...desired.networks, ...desired.pools, ...desired.domains]
    .map(({ name }) => name)
    .concat(desired.volumes.map(({ label }) => label));
  const selected = candidates.filter(({ object }) => names.length === 0 || names.includes(object.name));
  const parts = selected.map((candidate) => adopted(candidate, names));
  const missing = names.filter((name) => !candidates.some(({ object }) => object.name === name));
  const planned = joined([...missing.map((name) => absent(name, known)), ...parts]);
  return planOf('adopt', request, joined([planned, afterwards(request, planned.actions)]));
}

function candidatesOf(context: PlanContext): readonly Candidate[] {
  const { desired } = context;
  return [
    ...desired.networks.flatMap((network) => networkCandidate(network, context)),
    ...desired.pools.flatMap((pool) => poolCandidate(pool, context)),
    ...desired.volumes.flatMap((volume) => volumeCandidate(volume, context)),
    ...desired.domains.flatMap((domain) => domainCandidate(domain, context)),
  ];
}

function networkCandidate({ name }: DesiredNetwork, { networks, desired }: PlanContext): readonly Candidate[] {
  const live = networks.get(name);
  if (live === undefined) return [];
  const xml = withMarkOf(live, desired.owner);
  const step = xml === null ? null : ({ do: 'define-network', xml, replaces: live.inactive } as const);
  return [{ object: { kind: 'network', name }, holder: holderOf(live, desired.owner), step }];
}

function domainCandidate({ name }: DesiredDomain, { domains, desired }: PlanContext): readonly Candidate[] {
  const live = domains.get(name);
  if (live === undefined) return [];
  const xml = withMarkOf(live, desired.owner);
  const step = xml === null ? null : ({ do: 'define-domain', uuid: live.uuid, xml, replaces: live.inactive } as const);
  return [{ object: { kind: 'domain', name }, holder: holderOf(live, desired.owner), step }];
}

function withMarkOf(live: LiveDomain | LiveNetwork, owner: string): string | null {
  const root = readDefinition(live.inactive);
  return root === null ? null : marked({ text: live.inactive, root }, owner);
}

function poolCandidate({ name }: DesiredPool, context: PlanContext): readonly Candidate[] {
  const live = context.pools.get(name);
  if (live === undefined) return [];
  return [{ object: { kind: 'pool', name }, holder: poolHolder(live, context), step: { do: 'own-pool', uuid: live.uuid } }];
}

function volumeCandidate(volume: DesiredVolume, { volumes, owned, desired }: PlanContext): readonly Candidate[] {
  const { label, pool, name, path } = volume;
  if (!volumes.has(volumeKey(volume))) return [];
  const owner = owned.volumes.get(path)?.owner;
  const other: Holder = owner === undefined ? { state: 'foreign' } : { state: 'other', owner };
  const holder: Holder = owner === desired.owner ? { state: 'own' } : other;
  return [{ object: { kind: 'volume', name: label }, holder, step: { do: 'own-volume', pool, volume: name, path } }];
}

function adopted({ object, holder, step }: Candidate, names: readonly string[]): Part {
  if (holder.state === 'own') return names.length === 0 ? part({}) : note(object, 'it is of this spec already');
  if (holder.state === 'foreign' && step !== null) {
    const how = step.do.startsWith('own-') ? 'remember it as of this spec' : 'put the mark of this spec into its definition';
    return part({ actions: [{ object, verb: 'adopt', summary: how, changes: [], step }] });
  }
  const message = `not taken over: ${holderWords(holder)}`;
  return names.length === 0 ? note(object, message) : refusal(object, message, 'Leave out its name');
}

function absent(name: string, known: readonly string[]): Part {
  if (known.includes(name)) return refusal(null, `${name} is not there, so there is nothing to take over`, 'passcheck apply makes it');
  const meant = nearest(name, known);
  const fix = meant === undefined ? `There are: ${nameList(known, 20)}` : `Did you mean ${meant}?`;
  return refusal(null, `the spec has no object ${name}`, fix);
}

/** What the next apply changes in what is taken over: a person who adopts a VM has to know before. */
function afterwards(request: AdoptRequest, actions: readonly Action[]): Part {
  const taken = new Set(actions.map(({ object }) => `${object.kind} ${object.name}`));
  const isTaken = (object: PlannedObject | null): boolean => object !== null && taken.has(`${object.kind} ${object.name}`);
  const next = planApply(adoptedRequest(request, actions));
  const changes: readonly Remark[] = next.actions
    .filter(({ object, changes: fields }) => isTaken(object) && fields.every(({ field }) => field !== MARK_FIELD))
    .map(({ object, summary, changes: fields }) => {
      const words = fields.length === 0 ? summary : fields.map((change) => changeText(change)).join(', ');
      return { object, message: `the next apply: ${words}`, fix: null };
    });
  const refused = next.refused.filter(({ object }) => isTaken(object));
  return part({
    notes: [...changes, ...refused.map((remark) => ({ ...remark, message: `the next apply is refused: ${remark.message}` }))],
  });
}

/** The world as it is once that is done. */
function adoptedRequest(request: AdoptRequest, actions: readonly Action[]): PlanRequest {
  const { world, owned, desired } = request;
  const steps = actions.map(({ step }) => step);
  const definitions = new Map(steps.flatMap((step) => ('replaces' in step && 'xml' in step ? [[step.replaces, step.xml] as const] : [])));
  const redefined = <Live extends { readonly inactive: string }>(live: Live): Live => ({
    ...live,
    inactive: definitions.get(live.inactive) ?? live.inactive,
  });
  const pools = steps.flatMap((step) => (step.do === 'own-pool' ? [[step.uuid, desired.owner] as const] : []));
  const volumes = steps.flatMap((step) => {
    const made: OwnedVolume = { owner: desired.owner, pool: 'pool' in step ? step.pool : '', state: 'made' };
    return step.do === 'own-volume' ? [[step.path, made] as const] : [];
  });
  const after: World = { ...world, networks: world.networks.map(redefined), domains: world.domains.map(redefined) };
  return {
    ...request,
    world: after,
    owned: { pools: new Map([...owned.pools, ...pools]), volumes: new Map([...owned.volumes, ...volumes]) },
  };
}
