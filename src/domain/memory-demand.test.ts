import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDomain } from '../../test/facts.ts';
import { demandBesideKiB, heldKiB, largestDemandKiB, pagedMemoryKiB, pageSizesKiB } from './memory-demand.ts';
import type { Domain } from './model.ts';

const GPU = [{ address: '0000:01:00.0', managed: true }];
const windows = aDomain({ name: 'win11', memoryKiB: 800, pciDevices: GPU });
const linux = aDomain({ name: 'linux', memoryKiB: 300, pciDevices: GPU });
const server = aDomain({ name: 'server', memoryKiB: 100 });
const size = ({ memoryKiB }: Domain): number => memoryKiB;

describe('demand for memory', () => {
  it('counts domains that share a GPU once, with the larger', () => {
    expect(largestDemandKiB([windows, linux, server], size)).toBe(900);
  });

  it('leaves the rivals of a domain out while it runs', () => {
    expect(demandBesideKiB(linux, [windows, linux, server], size)).toBe(100);
    expect(demandBesideKiB(server, [windows, linux, server], size)).toBe(800);
  });

  it('is nothing without domains', () => expect(largestDemandKiB([], size)).toBe(0));

  it('is never less than the largest domain and never more than all', () => {
    const domain = fc.record({ memoryKiB: fc.nat(1000), shared: fc.boolean() });
    fc.assert(
      fc.property(fc.array(domain, { maxLength: 8 }), (given) => {
        const domains = given.map(({ memoryKiB, shared }, index) =>
          aDomain({ name: `${index}`, memoryKiB, pciDevices: shared ? GPU : [] }),
        );
        const demand = largestDemandKiB(domains, size);
        expect(demand).toBeGreaterThanOrEqual(Math.max(0, ...domains.map(size)));
        expect(demand).toBeLessThanOrEqual(domains.reduce((sum, one) => sum + one.memoryKiB, 0));
      }),
    );
  });
});

describe('hugepages of a domain', () => {
  it('takes the host’s default size where none is named', () => {
    const domain = aDomain({ hugepages: [{ sizeKiB: null, nodes: null }] });
    expect(pageSizesKiB(domain, 2048)).toEqual([2048]);
    expect(pageSizesKiB(domain, null)).toEqual([null]);
  });

  it('has no size when it asks for none', () => expect(pageSizesKiB(aDomain(), 2048)).toEqual([]));

  it('rounds up to whole pages', () => expect(pagedMemoryKiB(aDomain({ memoryKiB: 2049 }), 2048)).toBe(4096));

  it('counts what active domains hold in pages of that size only', () => {
    const small = aDomain({ memoryKiB: 4096, hugepages: [{ sizeKiB: 2048, nodes: null }] });
    const domains = [
      { definition: small, isActive: true },
      { definition: small, isActive: false },
      { definition: aDomain({ memoryKiB: 4096, hugepages: [{ sizeKiB: 1_048_576, nodes: null }] }), isActive: true },
      { definition: aDomain({ memoryKiB: 4096 }), isActive: true },
    ];
    expect(heldKiB(domains, { sizeKiB: 2048, total: 8, free: 2, reserved: 0 }, 2048)).toBe(4096);
  });

  it('does not count more than is taken, when the definition has grown since the start', () => {
    const definition = aDomain({ memoryKiB: 16_384, hugepages: [{ sizeKiB: 2048, nodes: null }] });
    expect(heldKiB([{ definition, isActive: true }], { sizeKiB: 2048, total: 4, free: 1, reserved: 1 }, 2048)).toBe(4 * 2048);
  });
});
