import { describe, expect, it } from 'vitest';

import { aConfig, aDomain } from '../../../test/facts.ts';
import { aMemory, aPool, someHugepages, someJudgedDomains } from '../../../test/host-facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { Domain } from '../../../src/domain/model.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { DefinedDomain } from '../../../src/facts/domains.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { HugepagePool } from '../../../src/facts/hugepages.ts';
import type { JudgedDomains } from '../../../src/facts/judged-domains.ts';
import check from './host-reserve.ts';

const GIB = 1024 * 1024;
const PAGES = [{ sizeKiB: null, nodes: null }];
const defined = (gib: number, given: Partial<Domain> = {}, state = 'shut off'): DefinedDomain => ({
  definition: aDomain({ memoryKiB: gib * GIB, ...given }),
  state,
});

/** A host of 32 GiB that wants 4 GiB for itself. */
function judge(judged: JudgedDomains | null, pool: HugepagePool = aPool(0)): Outcome {
  const error = new FactError({ source: 'virsh', reason: 'permission denied', hint: 'join the group libvirt' });
  const outcome = check.evaluate({
    memory: aMemory(),
    hugepages: someHugepages([pool]),
    config: aConfig(),
    judgedDomains: judged === null ? { ok: false, error } : { ok: true, value: judged },
  });
  if (!('status' in outcome)) throw new TypeError('one outcome expected');
  return outcome;
}

describe(check.id, () => {
  it('passes when exactly the reserve is left', () => {
    expect(judge(someJudgedDomains([defined(28)]))).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/proc/meminfo', observed: 'MemTotal 32768 MiB, of which 4096 MiB are left' }, {}, {}],
    });
  });

  it('fails when less is left', () => {
    expect(judge(someJudgedDomains([defined(29)]))).toMatchObject({
      status: 'fail',
      message: '3072 MiB would be left for the host, 4096 MiB are wanted',
      evidence: [{ source: '/proc/meminfo', expected: '4096 MiB left' }, {}, {}],
      remedy: { summary: expect.stringContaining('1024 MiB less') },
    });
  });

  it('does not count a VM in hugepages twice', () => {
    expect(judge(someJudgedDomains([defined(16, { hugepages: PAGES })]), aPool(8192))).toMatchObject({ status: 'pass' });
  });

  it('gives the same answer while the VM runs and holds its pages', () => {
    const running = someJudgedDomains([defined(16, { hugepages: PAGES }, 'running')]);
    expect(judge(running, aPool(8192, { free: 0 }))).toMatchObject({
      status: 'pass',
      evidence: [{ observed: expect.stringContaining('16384 MiB are left') }, {}, {}],
    });
  });

  it('counts pages that are still missing, or made on demand', () => {
    expect(judge(someJudgedDomains([defined(30, { hugepages: PAGES })]), aPool(0, { overcommit: 99_999 }))).toMatchObject({
      status: 'fail',
    });
  });

  it('fails when the pool alone takes too much, even when the domains are hidden', () => {
    expect(judge(null, aPool(15_000))).toMatchObject({
      status: 'fail',
      evidence: [{}, { source: '/sys/kernel/mm/hugepages', observed: '30000 MiB reserved' }],
    });
  });

  it('counts a pool of 1 GiB pages, which /proc/meminfo does not show', () => {
    expect(judge(someJudgedDomains([]), aPool(29, { sizeKiB: GIB }))).toMatchObject({ status: 'fail' });
  });

  it('counts other VMs that run', () => {
    const judged = someJudgedDomains([defined(20)], { others: [defined(10, { name: 'server' }, 'running')] });
    expect(judge(judged)).toMatchObject({ status: 'fail', message: '2048 MiB would be left for the host, 4096 MiB are wanted' });
  });

  it('counts two VMs with the same GPU once', () => {
    const gpu = { pciDevices: [{ address: '0000:01:00.0', managed: true }] };
    expect(judge(someJudgedDomains([defined(20, gpu), defined(20, { name: 'linux', ...gpu })]))).toMatchObject({ status: 'pass' });
    expect(judge(someJudgedDomains([defined(20), defined(20, { name: 'linux' })]))).toMatchObject({
      status: 'fail',
      message: '8192 MiB more than there is would be taken, 4096 MiB are wanted',
    });
  });

  it('does not judge before a VM is defined, because its size is not known', () => {
    expect(judge(someJudgedDomains([]))).toMatchObject({ status: 'not-applicable', message: expect.stringContaining('not known yet') });
  });

  it('could not look when the domains are hidden', () => {
    expect(judge(null)).toMatchObject({
      status: 'unknown',
      evidence: [{ source: 'virsh' }],
      remedy: { summary: 'join the group libvirt' },
    });
  });

  it('could not look when a VM of passcheck.yaml is not defined', () => {
    expect(judge(someJudgedDomains([], { missing: ['gone'] }))).toMatchObject({ status: 'unknown' });
  });

  it('fails on a host that has less than the reserve, and does not blame the VM', () => {
    const outcome = check.evaluate({
      memory: aMemory({ totalKiB: 3 * GIB }),
      hugepages: someHugepages([aPool(512)]),
      config: aConfig(),
      judgedDomains: { ok: true, value: someJudgedDomains([]) },
    });
    expect(outcome).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/proc/meminfo' }],
      remedy: { summary: expect.stringContaining('thresholds') },
    });
  });

  it('is an error without /proc/meminfo', async () => {
    expect(await judgeOne(check, {})).toMatchObject({ status: 'error', evidence: [{ source: '/proc/meminfo' }] });
  });
});
