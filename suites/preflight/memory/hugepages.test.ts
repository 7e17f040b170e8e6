import { describe, expect, it } from 'vitest';

import { DEBIAN } from '../../../test/facts.ts';
import { aPool, someHugepages } from '../../../test/host-facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { LibvirtHooks } from '../../../src/facts/libvirt-hooks.ts';
import { ok } from '../../../src/host/reading.ts';
import type { DomainDemand, HugepageDemand } from '../../../src/facts/hugepage-demand.ts';
import type { HugepagePool, Hugepages } from '../../../src/facts/hugepages.ts';
import type { MemoryPlace } from '../../../src/facts/memory-place.ts';
import check from './hugepages.ts';

const GIB = 1024 * 1024;
const POOL = '/sys/kernel/mm/hugepages/hugepages-2048kB';
const ANYWHERE: MemoryPlace = { state: 'any' };
const NODE_1: MemoryPlace = {
  state: 'nodes',
  nodes: [1],
  because: 'GPU 0000:01:00.0 is attached there',
  source: '/sys/bus/pci/devices/0000:01:00.0/numa_node',
};
const HIDDEN: MemoryPlace = { state: 'hidden', source: 'virsh', reason: 'permission denied', hint: 'run as root' };

/** win11 wants 8 GiB, 4096 pages. */
function demand(pool: HugepagePool | null, given: Partial<DomainDemand> = {}): DomainDemand {
  return { domain: 'win11', sizesKiB: [2048], pool, needKiB: 8 * GIB, besideKiB: 0, heldKiB: 0, place: ANYWHERE, ...given };
}

const noHooks: Attempt<LibvirtHooks> = { ok: true, value: { qemu: ok([]) } };

function evaluate(hugepages: Hugepages, hugepageDemand: Partial<HugepageDemand>, libvirtHooks = noHooks): Outcome {
  const all = { domains: [], missing: [], place: ANYWHERE, ...hugepageDemand };
  const judged = check.evaluate({ hugepages, hugepageDemand: all, platform: { ok: true, value: DEBIAN }, libvirtHooks });
  if ('status' in judged) return judged;
  const [only] = judged;
  if (only === undefined || judged.length > 1) throw new Error(`${judged.length} outcomes`);
  return only.outcome;
}

const judge = (pool: HugepagePool, given: Partial<DomainDemand> = {}): Outcome =>
  evaluate(someHugepages([pool]), { domains: [demand(pool, given)] });

/** 4096 pages of which each node has its share. */
function onNodes(...free: readonly number[]): HugepagePool {
  const total = free.reduce((sum, pages) => sum + pages, 0);
  return aPool(total, { nodes: free.map((pages, node) => ({ node, total: pages, free: pages, surplus: 0 })) });
}

describe(check.id, () => {
  it('passes with exactly as many free pages as the VM needs', () => {
    expect(judge(aPool(4096))).toMatchObject({
      status: 'pass',
      evidence: [{ source: POOL, observed: '4096 of 4096 pages free', expected: '4096 pages' }],
    });
  });

  it('does not set vm.nr_hugepages for pages that are not of the default size', () => {
    const small = aPool(0);
    const hugepages = { ...someHugepages([small]), defaultSizeKiB: GIB };
    expect(JSON.stringify(evaluate(hugepages, { domains: [demand(small)] }))).not.toContain('vm.nr_hugepages');
    expect(JSON.stringify(judge(small))).toContain('vm.nr_hugepages');
  });

  it('counts less when a hook of libvirt may reserve the pages at the start of the VM', () => {
    const hooks: Attempt<LibvirtHooks> = { ok: true, value: { qemu: ok(['/etc/libvirt/hooks/qemu']) } };
    const pool = aPool(0);
    expect(evaluate(someHugepages([pool]), { domains: [demand(pool)] }, hooks)).toMatchObject({
      status: 'fail',
      severity: 'minor',
      message: expect.stringContaining('/etc/libvirt/hooks/qemu'),
    });
    expect(evaluate(someHugepages([pool]), { domains: [demand(pool)] })).not.toHaveProperty('severity');
    expect(evaluate(someHugepages([pool]), { domains: [demand(null)] }, hooks)).not.toHaveProperty('severity');
  });

  it('fails with one page less, and says how many to reserve', () => {
    expect(judge(aPool(4095))).toMatchObject({
      status: 'fail',
      message: 'hugepages-2048kB: 8190 MiB to be had, win11 needs 8192 MiB',
      evidence: [{ source: POOL, observed: '4095 of 4095 pages free', expected: '4096 pages' }],
      remedy: { summary: 'Reserve 4096 hugepages of 2 MiB (8192 MiB)' },
    });
  });

  it('does not count pages that are promised to somebody else', () => {
    expect(judge(aPool(4096, { reserved: 1 }))).toMatchObject({
      status: 'fail',
      evidence: [{ observed: '4096 of 4096 pages free, 1 of them promised' }],
    });
  });

  it('keeps the pages of others when it says how many to reserve', () => {
    expect(judge(aPool(6000, { free: 4000 }))).toMatchObject({
      status: 'fail',
      remedy: { summary: expect.stringContaining('Reserve 6096') },
    });
  });

  it('counts what the judged VM itself holds while it runs as free', () => {
    expect(judge(aPool(4096, { free: 0 }), { heldKiB: 8 * GIB })).toMatchObject({ status: 'pass' });
  });

  it('fails when two VMs that can run together need more than there is', () => {
    expect(judge(aPool(4096), { besideKiB: 2 * GIB })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('other judged VMs 2048 MiB at the same time'),
      evidence: [{ expected: '5120 pages' }],
    });
  });

  it('passes with a word of warning when pages are made on demand', () => {
    expect(judge(aPool(0, { overcommit: 4096 }))).toMatchObject({ status: 'pass', message: expect.stringContaining('fragmented') });
  });

  it('passes when the pages are on the node of the GPU', () => {
    expect(judge(onNodes(0, 4096), { place: NODE_1 })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/sys/devices/system/node/node1/hugepages/hugepages-2048kB' }, { source: POOL }],
    });
  });

  it('fails when there are enough pages, but on the wrong node', () => {
    expect(judge(onNodes(4096, 0), { place: NODE_1 })).toMatchObject({
      status: 'fail',
      message: 'hugepages-2048kB: 0 MiB on NUMA node 1, win11 needs 8192 MiB there',
      evidence: [
        { source: '/sys/devices/system/node/node1/hugepages/hugepages-2048kB', observed: '0 of 0 pages free' },
        { source: '/sys/bus/pci/devices/0000:01:00.0/numa_node', observed: 'GPU 0000:01:00.0 is attached there' },
        {},
      ],
      remedy: {
        summary: expect.stringMatching(/^Reserve 4096 hugepages of 2 MiB on NUMA node 1 \(8192 MiB\); give those on other nodes back/),
      },
    });
  });

  it('names the node in the fix when there are too few in all, too', () => {
    expect(judge(onNodes(0, 96), { place: NODE_1 })).toMatchObject({
      status: 'fail',
      remedy: { summary: 'Reserve 4096 hugepages of 2 MiB on NUMA node 1 (8192 MiB)' },
    });
  });

  it('says that there are too few before it asks where they should be', () => {
    expect(judge(aPool(96), { place: HIDDEN })).toMatchObject({ status: 'fail' });
  });

  it('does not believe that a running VM holds pages on a node that has none', () => {
    const pool = aPool(4096, { free: 0, nodes: [{ node: 0, total: 4096, free: 0, surplus: 0 }] });
    expect(judge(pool, { heldKiB: 8 * GIB, place: NODE_1 })).toMatchObject({ status: 'fail' });
  });

  it('could not look when the node of the GPU is hidden', () => {
    expect(judge(aPool(4096), { place: HIDDEN })).toMatchObject({ status: 'unknown', evidence: [{ source: 'virsh' }] });
  });

  it('is not applicable to a VM that asks for no hugepages, though none are there', () => {
    expect(evaluate(someHugepages([aPool(0)]), { domains: [demand(null, { sizesKiB: [], needKiB: 0 })] })).toEqual({
      status: 'not-applicable',
      message: 'win11 asks for no hugepages: transparent hugepages (madvise) serve it',
    });
  });

  it('fails when the kernel does not have the size', () => {
    expect(evaluate(someHugepages([aPool(4096)]), { domains: [demand(null, { sizesKiB: [GIB] })] })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/sys/kernel/mm/hugepages', observed: 'hugepages-2048kB', expected: 'hugepages-1048576kB' }],
    });
  });

  it('could not look when several sizes are asked for', () => {
    expect(judge(aPool(4096), { sizesKiB: [2048, GIB] })).toMatchObject({ status: 'unknown' });
  });

  it('could not look for a VM of passcheck.yaml that is not defined', () => {
    expect(evaluate(someHugepages([aPool(4096)]), { missing: ['gone'] })).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('gone'),
    });
  });
});

describe(`${check.id} before a VM is defined`, () => {
  it('fails when nothing at all is reserved', () => {
    expect(evaluate(someHugepages([aPool(0)]), {})).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('is not known yet'),
      evidence: [{ source: '/sys/kernel/mm/hugepages' }],
      remedy: { summary: expect.stringContaining('for 8 GiB') },
    });
  });

  it('passes when something is reserved, and says that the size is not known', () => {
    const outcome = evaluate(someHugepages([aPool(0), aPool(8, { sizeKiB: GIB })]), {});
    expect(outcome).toMatchObject({ status: 'pass', message: expect.stringContaining('is not known yet') });
  });

  it('fails when everything is on another node than the GPU', () => {
    expect(evaluate(someHugepages([onNodes(512, 0)]), { place: NODE_1 })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/sys/devices/system/node/node1/hugepages/hugepages-2048kB' }, {}, { observed: '512 of 512 pages free' }],
    });
    expect(evaluate(someHugepages([onNodes(512, 1)]), { place: NODE_1 })).toMatchObject({ status: 'pass' });
  });

  it('is an error when the domains cannot be read', async () => {
    const host = { files: { '/proc/meminfo': 'MemTotal: 1000 kB\n' }, unreadable: { '/etc/libvirt/qemu': 'denied' } } as const;
    expect(await judgeOne(check, host)).toMatchObject({ status: 'error', evidence: [{ source: '/etc/libvirt/qemu' }] });
  });
});
