import type { MeaningProblem } from '../../../config/yaml-text.ts';
import type { Spec } from '../model.ts';
import { repeated, wrongAt } from './place.ts';

const KINDS = { networks: 'network', pools: 'pool', vms: 'VM' } as const;

/** Two things with one UUID. */
export function wrongIdentities(spec: Spec): MeaningProblem[] {
  const all = (['networks', 'pools', 'vms'] as const).flatMap((key) =>
    Object.entries(spec[key]).map(([name, { uuid }]) => ({ key, name, uuid: uuid ?? null })),
  );
  return repeated(all, ({ uuid }) => uuid).map(({ thing, first }) =>
    wrongAt([thing.key, thing.name, 'uuid'], `${thing.uuid} is the UUID of ${KINDS[first.key]} ${first.name}`),
  );
}
