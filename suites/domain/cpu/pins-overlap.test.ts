import { describe, expect, it } from 'vitest';

import { pinned } from '../../../test/cpu-facts.ts';
import { aDefinition, aDocument, type DomainParts, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { known } from '../../../test/facts.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import rule from './pins-overlap.ts';

const document = (parts: DomainParts, label = `${parts.name ?? 'vm'}.xml`): DomainDocument => aDocument(aDefinition(parts), { label });
const WIN11 = document({ name: 'win11', body: pinned([2, 3, 4, 5]) });
/** Without the GPU of win11. */
const server = (cpus: readonly (string | number)[], parts: DomainParts = {}): DomainDocument =>
  document({ name: 'server', gpu: false, body: pinned(cpus), ...parts });

function judge(
  defined: readonly { readonly document: DomainDocument; readonly state: string }[] | null,
  ...given: readonly DomainDocument[]
): readonly Outcome[] {
  const definedDocuments = defined === null ? NO_HOST_FACT : known(defined);
  return rule.judge(WIN11, { definedDocuments }, [WIN11, ...given]);
}

describe(rule.id, () => {
  it('passes when the CPUs are different', () => {
    expect(judge(null, server([6, 7]))).toMatchObject([{ status: 'pass' }]);
    expect(judge([{ document: server([6, '0-1']), state: 'running' }])).toMatchObject([{ status: 'pass' }]);
  });

  it('fails when another domain of the call has one of them', () => {
    expect(judge(null, server([5, 6]))).toMatchObject([
      {
        status: 'fail',
        severity: 'major',
        message: 'vCPUs of server are pinned to CPU 5 as well',
        remedy: { steps: [{ run: 'passcheck pins --into win11.xml --avoid 5-6' }] },
        evidence: [
          { source: 'win11.xml:13', observed: "<vcpupin vcpu='3' cpuset='5'/>" },
          { source: expect.stringContaining('server.xml:'), observed: "<vcpupin vcpu='0' cpuset='5'/>" },
        ],
      },
    ]);
  });

  it('fails when a domain of libvirt has them, running or not', () => {
    expect(judge([{ document: server([4, 5]), state: 'shut off' }])).toMatchObject([
      {
        message: 'vCPUs of server are pinned to CPUs 4-5 as well',
        evidence: [{}, {}, { source: 'virsh list --all', observed: 'server: shut off' }],
      },
    ]);
  });

  it('is milder where one of the two can go elsewhere', () => {
    expect(judge(null, server(['5-7', '5-7']))).toMatchObject([{ status: 'fail', severity: 'minor' }]);
  });

  it('passes when the two share a device or a disk: they never run together', () => {
    const disk = "<disk type='file'><source file='/images/win.qcow2'/><target dev='vda'/></disk>";
    const own = document({ name: 'win11', body: pinned([2]), devices: disk });
    const facts = { definedDocuments: NO_HOST_FACT, cpuTopology: NO_HOST_FACT };
    expect(judge(null, server([2], { gpu: true }))).toMatchObject([{ status: 'pass' }]);
    expect(rule.judge(own, facts, [own, server([2], { devices: disk })])).toMatchObject([{ status: 'pass' }]);
  });

  it('does not compare a file with the domain of libvirt that it is the definition of', () => {
    const uuid = '<uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>';
    const renamed = document({ name: 'windows', gpu: false, body: `${uuid}${pinned([2])}` });
    const own = document({ name: 'win11', body: `${uuid.toUpperCase().replaceAll('UUID', 'uuid')}${pinned([2])}` });
    const facts = { definedDocuments: known([{ document: renamed, state: 'shut off' }]), cpuTopology: NO_HOST_FACT };
    expect(rule.judge(own, facts, [own])).toMatchObject([{ status: 'not-applicable' }]);
    expect(judge([{ document: document({ name: 'win11', gpu: false, body: pinned([2]) }), state: 'running' }])).toMatchObject([
      { status: 'not-applicable' },
    ]);
  });

  it('leaves domains alone that are not pinned, or may run on a whole list', () => {
    expect(
      judge(null, server([], { body: "<vcpu cpuset='0-7'>4</vcpu>" }), document({ name: 'other', gpu: false, body: '<vcpu>4</vcpu>' })),
    ).toMatchObject([{ status: 'pass' }]);
  });

  it('could not look where libvirt does not tell, and says nothing without others', () => {
    expect(judge(null)).toMatchObject([{ status: 'not-applicable', message: 'no other domain is known' }]);
    expect(judge([])).toMatchObject([{ status: 'not-applicable' }]);
    const facts = {
      definedDocuments: { ok: false, error: new FactError({ source: 'virsh list --all', reason: 'not reachable' }) },
    } as const;
    expect(rule.judge(WIN11, facts, [WIN11])).toMatchObject([{ status: 'unknown' }]);
    expect(rule.judge(server([2]), facts, [WIN11])).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('judges 200 domains at once', () => {
    const many = Array.from({ length: 199 }, (_, index) => document({ name: `vm${index}`, gpu: false, body: pinned([2, 3]) }));
    expect(judge(null, ...many)).toHaveLength(20);
  });
});
