import { describe, expect, it } from 'vitest';

import { aConfig, aDomain, aGpu, aPassthrough, aPciDevice } from '../../test/facts.ts';
import { aPool, someHugepages, someJudgedDomains } from '../../test/host-facts.ts';
import type { Domain } from '../domain/model.ts';
import { memoryHost } from '../host/memory.ts';
import type { DefinedDomain } from './domains.ts';
import { FactError } from './fact-error.ts';
import { hugepageDemand, type HugepageDemand } from './hugepage-demand.ts';
import { placeNearGpus, placeOfDomain } from './memory-place.ts';
import type { NumaNode } from './numa.ts';

const GIB = 1024 * 1024;
const SMALL = [{ sizeKiB: null, nodes: null }];
const TWO_NODES: readonly NumaNode[] = [0, 1].map((id) => ({ id, cpus: [id], memoryKiB: 16 * GIB, distances: [10, 20] }));
const hidden = { ok: false, error: new FactError({ source: '/sys/bus/pci/devices', reason: 'permission denied' }) } as const;
const onNode = (node: number | null) =>
  ({ ok: true, value: aPassthrough([aGpu([aPciDevice({ numaNode: node })], { domains: ['win11'] })]) }) as const;

function demandOf(...domains: readonly DefinedDomain[]): HugepageDemand {
  const isTaken = domains.some(({ state }) => state === 'running');
  const facts = {
    hugepages: someHugepages([aPool(4096, isTaken ? { free: 0 } : {})]),
    numaNodes: TWO_NODES,
    judgedDomains: someJudgedDomains(domains, { missing: ['gone'] }),
    passthrough: onNode(1),
  };
  const value = hugepageDemand.collect(memoryHost({}), facts, { config: aConfig() });
  if (value instanceof Promise) throw new TypeError('the fact waits');
  return value;
}

const defined = (given: Partial<Domain>, state = 'shut off'): DefinedDomain => ({
  definition: aDomain({ hugepages: SMALL, ...given }),
  state,
});

describe('hugepageDemand', () => {
  it('says for a domain how much it needs of which pool, and where', () => {
    expect(demandOf(defined({}))).toMatchObject({
      missing: ['gone'],
      domains: [{ domain: 'win11', sizesKiB: [2048], pool: { total: 4096 }, needKiB: 8 * GIB, heldKiB: 0, place: { nodes: [1] } }],
    });
  });

  it('counts what active domains hold, and what others can take beside', () => {
    const { domains } = demandOf(defined({}, 'running'), defined({ name: 'second', memoryKiB: 2 * GIB }));
    expect(domains).toMatchObject([
      { domain: 'win11', besideKiB: 2 * GIB, heldKiB: 8 * GIB },
      { domain: 'second', besideKiB: 8 * GIB, heldKiB: 8 * GIB },
    ]);
  });

  it('has no pool for a size that the kernel does not have', () => {
    expect(demandOf(defined({ hugepages: [{ sizeKiB: GIB, nodes: null }] })).domains).toMatchObject([{ pool: null, sizesKiB: [GIB] }]);
  });

  it('needs nothing for a domain without hugepages', () => {
    expect(demandOf(defined({ hugepages: null })).domains).toMatchObject([{ sizesKiB: [], needKiB: 0 }]);
  });
});

describe('placeOfDomain', () => {
  it('follows numatune before the GPU', () => {
    expect(placeOfDomain(aDomain({ memoryNodes: '0' }), TWO_NODES, onNode(1))).toMatchObject({ state: 'nodes', nodes: [0] });
  });
  it('does not guess at a numatune that names no nodes', () => {
    expect(placeOfDomain(aDomain({ memoryNodes: 'rubbish' }), TWO_NODES, onNode(1))).toMatchObject({ state: 'hidden' });
  });
  it('asks for nothing when the domain is not given a GPU', () => {
    expect(placeOfDomain(aDomain({ name: 'web' }), TWO_NODES, onNode(1))).toEqual({ state: 'any' });
  });
});

describe('placeNearGpus', () => {
  it('names the node of the GPU', () => {
    expect(placeNearGpus(TWO_NODES, onNode(1))).toMatchObject({ nodes: [1], source: '/sys/bus/pci/devices/0000:01:00.0/numa_node' });
  });
  it('asks for nothing where only one node has memory', () => {
    const [first, second] = TWO_NODES;
    const nodes = first && second ? [first, { ...second, memoryKiB: 0 }] : [];
    expect(placeNearGpus(nodes, onNode(1))).toEqual({ state: 'any' });
  });
  it('asks for nothing where the firmware does not say', () => expect(placeNearGpus(TWO_NODES, onNode(null))).toEqual({ state: 'any' }));
  it('does not guess where the GPU is when that is hidden', () => {
    expect(placeNearGpus(TWO_NODES, hidden)).toMatchObject({ state: 'hidden', source: '/sys/bus/pci/devices' });
  });
});
