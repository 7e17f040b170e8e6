import { demandBesideKiB, heldKiB, pagedMemoryKiB, pageSizesKiB } from '../domain/memory-demand.ts';
import type { Domain } from '../domain/model.ts';
import { defineFact } from './fact.ts';
import { type HugepagePool, hugepages, type Hugepages } from './hugepages.ts';
import { isActive, judgedDomains } from './judged-domains.ts';
import { type MemoryPlace, placeNearGpus, placeOfDomain } from './memory-place.ts';
import { numaNodes } from './numa.ts';
import { passthrough } from './passthrough.ts';

/** What one judged domain asks of the hugepages. */
export interface DomainDemand {
  readonly domain: string;
  /** Empty: it asks for none. More than one: how much of each is not in the model. Null: the default of a kernel without one. */
  readonly sizesKiB: readonly (number | null)[];
  /** The pool of the first size; null when the kernel has none. */
  readonly pool: HugepagePool | null;
  readonly needKiB: number;
  /** What other judged domains can take of the same pool while it runs. */
  readonly besideKiB: number;
  /** What judged domains that are active hold of the same pool: as good as free. */
  readonly heldKiB: number;
  readonly place: MemoryPlace;
}

/** What the judged domains ask of the hugepages. */
export interface HugepageDemand {
  readonly domains: readonly DomainDemand[];
  /** Names in `passcheck.yaml` that libvirt does not know. */
  readonly missing: readonly string[];
  /** Where the memory of a domain should be that gets the selected GPUs. */
  readonly place: MemoryPlace;
}

export const hugepageDemand = defineFact({
  id: 'hugepageDemand',
  needs: { hugepages, numaNodes, judgedDomains },
  wants: { passthrough },
  collect(_host, facts): HugepageDemand {
    const inUse = facts.judgedDomains.domains.map((one) => ({ definition: one.definition, isActive: isActive(one) }));
    const { defaultSizeKiB } = facts.hugepages;
    return {
      domains: inUse.map(({ definition }) => {
        const pool = poolOf(definition, facts.hugepages);
        const sizeOf = (one: Domain): number =>
          pool !== null && pageSizesKiB(one, defaultSizeKiB).includes(pool.sizeKiB) ? pagedMemoryKiB(one, pool.sizeKiB) : 0;
        return {
          domain: definition.name,
          sizesKiB: pageSizesKiB(definition, defaultSizeKiB),
          pool,
          needKiB: sizeOf(definition),
          besideKiB: demandBesideKiB(
            definition,
            inUse.map((one) => one.definition),
            sizeOf,
          ),
          heldKiB: pool === null ? 0 : heldKiB(inUse, pool, defaultSizeKiB),
          place: placeOfDomain(definition, facts.numaNodes, facts.passthrough),
        };
      }),
      missing: facts.judgedDomains.missing,
      place: placeNearGpus(facts.numaNodes, facts.passthrough),
    };
  },
});

function poolOf(domain: Domain, { pools, defaultSizeKiB }: Hugepages): HugepagePool | null {
  const [size] = pageSizesKiB(domain, defaultSizeKiB);
  return pools.find(({ sizeKiB }) => sizeKiB === size) ?? null;
}
