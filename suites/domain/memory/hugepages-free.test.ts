import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, judgeDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { DEBIAN, known } from '../../../test/facts.ts';
import { aDefinedDocument, aMemory, aPool, someHugepages } from '../../../test/host-facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { DefinedDocument } from '../../../src/facts/defined-documents.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { HugepagePool } from '../../../src/facts/hugepages.ts';
import type { LibvirtHooks } from '../../../src/facts/libvirt-hooks.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './hugepages-free.ts';

const GIB = 1024 * 1024;
const POOL = '/sys/kernel/mm/hugepages/hugepages-2048kB';
const HUGE = '<memoryBacking><hugepages/></memoryBacking>';
/** 4096 pages of 2 MiB. */
const EIGHT = `<memory unit='GiB'>8</memory>${HUGE}`;
const definition = (name: string, gib: number, uuid = ''): string =>
  aDefinition({ name, body: `${uuid}<memory unit='GiB'>${gib}</memory>${HUGE}` });

interface Given {
  readonly pools: readonly HugepagePool[];
  readonly body?: string;
  readonly defined?: readonly DefinedDocument[] | null;
  readonly hooks?: readonly string[];
  readonly hostGiB?: number;
  /** By UUID. */
  readonly live?: Readonly<Record<string, string>>;
}

function judgeAll({ pools, body = EIGHT, defined = [], hooks = [], live, hostGiB }: Given): readonly Outcome[] {
  const libvirtHooks: Attempt<LibvirtHooks> = known({ qemu: ok(hooks) });
  const definedDocuments = defined === null ? NO_HOST_FACT : known(defined);
  const liveDomains =
    live === undefined ? NO_HOST_FACT : known(new Map(Object.entries(live).map(([uuid, text]) => [uuid, aDocument(text)])));
  const host = hostGiB === undefined ? NO_HOST_FACT : known(aMemory({ totalKiB: hostGiB * GIB }));
  const facts = { hugepages: someHugepages(pools), definedDocuments, liveDomains, platform: known(DEBIAN), libvirtHooks, memory: host };
  return judgeDomain(rule, aDocument(aDefinition({ name: 'vm', body })), facts);
}

function judge(pool: HugepagePool, given: Omit<Given, 'pools'> = {}): Outcome {
  const [outcome, ...others] = judgeAll({ pools: [pool], ...given });
  if (outcome === undefined || others.length > 0) throw new Error(`${others.length + 1} outcomes`);
  return outcome;
}

describe(rule.id, () => {
  it('passes with exactly as many free pages as the guest needs', () => {
    expect(judge(aPool(4096))).toMatchObject({
      status: 'pass',
      evidence: [{ source: 'win11.xml:8' }, { source: POOL, observed: '4096 of 4096 pages free', expected: '4096 pages' }],
    });
  });

  it('says how pages are reserved now where the distribution is not known', () => {
    const definedDocuments = known([]);
    const libvirtHooks = known({ qemu: ok([]) });
    const facts = {
      hugepages: someHugepages([aPool(0)]),
      definedDocuments,
      liveDomains: NO_HOST_FACT,
      platform: NO_HOST_FACT,
      libvirtHooks,
    };
    const [outcome] = judgeDomain(rule, { body: EIGHT }, { ...facts, memory: NO_HOST_FACT });
    expect(outcome).toMatchObject({ remedy: { steps: [{ run: 'echo 4096 > /proc/sys/vm/nr_hugepages' }] } });
  });

  it('does not have more reserved than the host has', () => {
    expect(judge(aPool(512), { hostGiB: 8 })).toMatchObject({ status: 'fail' });
    expect(judge(aPool(512), { hostGiB: 7 })).toMatchObject({
      status: 'not-applicable',
      message: expect.stringContaining('see domain/memory/host-memory'),
    });
  });

  it('fails with one page less, and says how many to reserve', () => {
    expect(judge(aPool(5000, { free: 4095 }))).toMatchObject({
      status: 'fail',
      message: 'hugepages-2048kB: 8190 MiB to be had, the guest needs 8192 MiB',
      evidence: [
        { source: 'win11.xml:8', observed: '<hugepages/>' },
        { source: POOL, observed: '4095 of 5000 pages free', expected: '4096 pages' },
      ],
      remedy: { summary: 'Reserve 5001 hugepages of 2 MiB (10002 MiB)' },
    });
    expect(judge(aPool(4096, { reserved: 1 }))).toMatchObject({
      status: 'fail',
      evidence: [{}, { observed: '4096 of 4096 pages free, 1 of them promised' }],
    });
  });

  it('passes with a word of warning when pages are made on demand', () => {
    expect(judge(aPool(0, { overcommit: 4096 }))).toMatchObject({ status: 'pass', message: expect.stringContaining('fragmented') });
  });

  it('counts less when a hook may reserve the pages', () => {
    expect(judge(aPool(0), { hooks: ['/etc/libvirt/hooks/qemu'] })).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it('judges each size', () => {
    const cells = "<cpu><numa><cell memory='1' unit='GiB'/><cell memory='2' unit='GiB'/></numa></cpu>";
    const pages = "<page size='2048' nodeset='0'/><page size='1' unit='GiB' nodeset='1'/>";
    const body = `${cells}<memoryBacking><hugepages>${pages}</hugepages></memoryBacking>`;
    const pools = [aPool(512), aPool(1, { sizeKiB: GIB })];
    expect(judgeAll({ pools, body })).toMatchObject([
      { status: 'pass' },
      { status: 'fail', evidence: [{ observed: "<page size='1' unit='GiB' nodeset='1'/>" }, { expected: '2 pages' }] },
    ]);
  });

  it('leaves a size that the host does not have to another rule', () => {
    expect(judgeAll({ pools: [] })).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('does not apply to ordinary pages', () => {
    expect(judgeAll({ pools: [aPool(0)], body: "<memory unit='GiB'>8</memory>" })).toMatchObject([{ status: 'not-applicable' }]);
    expect(judgeAll({ pools: [aPool(0)], body: HUGE })).toMatchObject([{ status: 'not-applicable' }]);
  });
});

describe(`${rule.id} while domains run`, () => {
  const taken = aPool(4096, { free: 0 });

  it('counts as free what the domain itself holds', () => {
    expect(judge(taken, { defined: [aDefinedDocument(definition('vm', 8))] })).toMatchObject({
      status: 'pass',
      evidence: [{}, {}, { source: 'virsh list', observed: 'vm runs and holds 8192 MiB: they count as free for it' }],
    });
  });

  it('knows the domain by its UUID, too', () => {
    const uuid = '<uuid>C7A5FDBD-EDAF-9455-926A-D65C16DB1809</uuid>';
    const defined = [aDefinedDocument(definition('renamed', 8, uuid.toLowerCase()))];
    expect(judge(taken, { body: `${uuid}${EIGHT}`, defined })).toMatchObject({ status: 'pass' });
  });

  it('does not count what a domain would hold that is shut off, nor what another one holds', () => {
    expect(judge(taken, { defined: [aDefinedDocument(definition('vm', 8), 'shut off')] })).toMatchObject({ status: 'fail' });
    expect(judge(taken, { defined: [aDefinedDocument(definition('other', 8))] })).toMatchObject({ status: 'fail' });
  });

  it('fails when the definition grew beyond what can be had', () => {
    expect(judge(aPool(2048, { free: 0 }), { defined: [aDefinedDocument(definition('vm', 4))] })).toMatchObject({
      status: 'fail',
      message: 'hugepages-2048kB: 4096 MiB to be had, the guest needs 8192 MiB',
      remedy: { summary: expect.stringContaining('Reserve 4096') },
    });
  });

  it('could not look when definitions claim more than is taken', () => {
    const defined = [aDefinedDocument(definition('vm', 8)), aDefinedDocument(definition('other', 4))];
    expect(judge(taken, { defined })).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('holds 4096 MiB to 8192 MiB of hugepages-2048kB'),
    });
    expect(judge(aPool(6144, { free: 0 }), { defined })).toMatchObject({ status: 'pass' });
  });

  it('believes what libvirt tells of domains as they run', () => {
    const uuid = '00000000-0000-0000-0000-000000000001';
    const defined = [aDefinedDocument(definition('vm', 8, `<uuid>${uuid}</uuid>`)), aDefinedDocument(definition('other', 4))];
    const live = (gib: number): Record<string, string> => ({ [uuid]: definition('vm', gib, `<uuid>${uuid}</uuid>`) });
    expect(judge(taken, { defined, live: live(4) })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('4096 MiB to be had'),
    });
    expect(judge(aPool(6144, { free: 2048 }), { defined, live: live(4) })).toMatchObject({ status: 'pass' });
  });

  it('could not look when libvirt is hidden and the pages are taken', () => {
    expect(judge(taken, { defined: null })).toMatchObject({ status: 'unknown' });
    expect(judge(aPool(4096), { defined: null })).toMatchObject({ status: 'pass' });
    expect(judge(aPool(4095, { free: 0 }), { defined: null })).toMatchObject({
      status: 'fail',
      remedy: { summary: expect.stringContaining('Reserve 4096') },
    });
  });
});

/** 4096 pages on each node, of which so many are free. */
const onNodes = (...free: readonly number[]): HugepagePool =>
  aPool(8192, {
    free: free.reduce((sum, pages) => sum + pages, 0),
    nodes: free.map((pages, node) => ({ node, total: 4096, free: pages, surplus: 0 })),
  });

describe(`${rule.id} on NUMA nodes`, () => {
  const body = `${EIGHT}<numatune><memory mode='strict' nodeset='1'/></numatune>`;

  it('passes when the pages are on the node that numatune names', () => {
    expect(judge(onNodes(0, 4096), { body })).toMatchObject({ status: 'pass' });
  });

  it('fails when they are elsewhere', () => {
    expect(judge(onNodes(4096, 4000), { body })).toMatchObject({
      status: 'fail',
      message: 'hugepages-2048kB: 8000 MiB on NUMA node 1, the guest needs 8192 MiB there',
      evidence: [
        {},
        {
          source: '/sys/devices/system/node/node1/hugepages/hugepages-2048kB',
          observed: '4000 of 4096 pages free',
          expected: '4096 pages',
        },
        {},
      ],
      remedy: { summary: 'Reserve 4192 hugepages of 2 MiB on NUMA node 1 (8384 MiB)' },
    });
  });

  it('takes the running domain for where pages are taken', () => {
    const defined = [aDefinedDocument(aDefinition({ name: 'vm', body }))];
    expect(judge(onNodes(4096, 0), { body, defined })).toMatchObject({ status: 'pass' });
    const free = aPool(4096, { free: 0, nodes: [{ node: 0, total: 4096, free: 0, surplus: 0 }] });
    expect(judge(free, { body, defined })).toMatchObject({ status: 'fail' });
  });

  it('does not ask where the pages are when any node will do', () => {
    const anywhere = `${EIGHT}<numatune><memory mode='preferred' nodeset='1'/></numatune>`;
    expect(judge(onNodes(4096, 0), { body: anywhere })).toMatchObject({ status: 'pass' });
  });
});
