import { describe, expect, it } from 'vitest';
import { steps } from '../../../test/plan-steps.ts';
import { applied, desired, domain, liveDomain, livePool, oneOfEach, ownedBy, pool, remarks, uuid } from '../../../test/plan-world.ts';
import { DISK, removal } from '../../../test/removals.ts';
import type { World } from '../world.ts';
import type { Plan } from './model.ts';
import { planPrune } from './plan-prune.ts';

describe('prune', () => {
  const before = oneOfEach();
  const after = desired({ volumes: [] });

  function pruned(live: Partial<World>): Plan {
    return planPrune(removal(after, { networks: [], pools: [], domains: [], volumes: [], users: [], ...live }, { owned: ownedBy(before) }));
  }

  it('takes what the spec no longer has, and no disk', () => {
    const plan = pruned({ everything: applied(before) });
    expect(steps(plan)).toEqual([
      'DC01: undefine-domain',
      'homelab: stop-pool',
      'homelab: undefine-pool',
      'lab-net: stop-network',
      'lab-net: undefine-network',
    ]);
    expect(remarks(plan).at(-1)).toBe(`note: volumes that were made for lab and are no longer in it stay: ${DISK}`);
  });

  it('leaves what another spec or nobody made, and what the spec has', () => {
    const domains = [
      liveDomain(domain({ name: 'a', uuid: uuid(8) }), { owner: null }),
      liveDomain(domain({ name: 'b', uuid: uuid(9) }), { owner: 'office' }),
    ];
    const pools = [livePool(pool({ name: 'images', uuid: uuid(10) }))];
    expect(steps(pruned({ everything: { networks: [], pools, domains } }))).toEqual([]);
    const plan = planPrune(removal(before, { everything: applied(before) }, {}));
    expect(steps(plan)).toEqual([]);
  });

  it('does nothing where nobody looked through everything', () => {
    expect(remarks(pruned({}))).toEqual(['refused: could not look through everything that libvirt has']);
  });
});
