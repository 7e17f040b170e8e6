import { describe, expect, it } from 'vitest';

import { aDefinition, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aConfig, known } from '../../../test/facts.ts';
import { aDefinedDocument, aMemory, aPool, someHugepages } from '../../../test/host-facts.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { DefinedDocument } from '../../../src/facts/defined-documents.ts';
import rule from './host-memory.ts';

const HUGE = '<memoryBacking><hugepages/></memoryBacking>';
const body = (gib: number, more = ''): string => `<memory unit='GiB'>${gib}</memory>${more}`;

/** A host of 32 GiB with so many hugepages of 2 MiB. */
function judge(given: string, { pages = 0, defined = [] as readonly DefinedDocument[] | null, gpu = true } = {}): Outcome {
  const definedDocuments = defined === null ? NO_HOST_FACT : known(defined);
  return judgeOneDomain(
    rule,
    { body: given, gpu },
    { memory: aMemory(), hugepages: someHugepages([aPool(pages)]), config: aConfig(), definedDocuments, liveDomains: NO_HOST_FACT },
  );
}

describe(rule.id, () => {
  it('passes when just the reserve is left', () => {
    expect(judge(body(28))).toMatchObject({ status: 'pass', message: '4096 MiB are left for the host' });
    expect(judge(body(28, HUGE), { pages: 14_336 })).toMatchObject({ status: 'pass', message: '4096 MiB are left for the host' });
  });

  it('fails when less is left', () => {
    expect(judge("<memory unit='MiB'>28673</memory>")).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: '4095 MiB would be left for the host, 4096 MiB are wanted',
      evidence: [{ source: 'win11.xml:8' }, { source: '/proc/meminfo', observed: 'MemTotal 32768 MiB' }, { observed: '0 MiB reserved' }],
    });
  });

  it('fails as a blocker when the guest has more than the host', () => {
    const outcome = judge(body(33));
    expect(outcome).toMatchObject({ status: 'fail', message: 'the guest has 33792 MiB, the host 32768 MiB' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('fails as a blocker when hugepages are reserved that the guest does not use', () => {
    const outcome = judge(body(20), { pages: 8192 });
    expect(outcome).toMatchObject({
      status: 'fail',
      message: '20480 MiB of the guest are in ordinary pages, and the hugepages of the host leave 16384 MiB',
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('is no blocker where memory can be swapped, for a slice of a device', () => {
    const devices = "<hostdev type='mdev' model='vfio-pci'><source><address uuid='x'/></source></hostdev>";
    const facts = {
      memory: aMemory(),
      hugepages: someHugepages([]),
      config: aConfig(),
      definedDocuments: known([]),
      liveDomains: NO_HOST_FACT,
    };
    expect(judgeOneDomain(rule, { body: body(33), devices, gpu: false }, facts)).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('counts pages that are made when the guest starts', () => {
    expect(judge(body(30, HUGE), { pages: 0 })).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: expect.stringContaining('2048 MiB would be left'),
    });
  });

  it('counts other domains that run, and not the judged one itself', () => {
    const other = aDefinedDocument(aDefinition({ name: 'other', body: body(8) }));
    const self = aDefinedDocument(aDefinition({ name: 'vm', body: body(24) }));
    expect(judge(body(24), { defined: [self] })).toMatchObject({ status: 'pass' });
    expect(judge(body(24), { defined: [self, other] })).toMatchObject({
      status: 'fail',
      severity: 'major',
      evidence: [{}, {}, {}, { source: 'virsh list', observed: '8192 MiB for VMs that run: other' }],
    });
    expect(judge(body(24), { defined: [aDefinedDocument(aDefinition({ name: 'other', body: body(8) }), 'shut off')] })).toMatchObject({
      status: 'pass',
    });
  });

  it('could not look when libvirt is hidden, unless the guest does not fit at all', () => {
    expect(judge(body(8), { defined: null })).toMatchObject({ status: 'unknown', severity: 'major' });
    expect(judge(body(64), { defined: null })).toMatchObject({ status: 'fail' });
  });

  it('does not apply without a passed device, nor to sizes that cannot be read', () => {
    expect(judge(body(64), { gpu: false })).toMatchObject({ status: 'not-applicable' });
    expect(judge('')).toMatchObject({ status: 'not-applicable' });
  });
});
