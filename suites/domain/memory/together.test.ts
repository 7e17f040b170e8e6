import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aConfig, known } from '../../../test/facts.ts';
import { aDefinedDocument, aMemory, aPool, someHugepages } from '../../../test/host-facts.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { DefinedDocument } from '../../../src/facts/defined-documents.ts';
import rule from './together.ts';

const HUGE = '<memoryBacking><hugepages/></memoryBacking>';

/** A domain that is given the device on this bus. */
function domainText(name: string, gib: number, bus: string | null, more = ''): string {
  const device = `<hostdev type='pci'><source><address bus='${bus}' slot='0' function='0'/></source></hostdev>`;
  return aDefinition({ name, body: `<memory unit='GiB'>${gib}</memory>${more}`, gpu: false, devices: bus === null ? '' : device });
}

const domain = (...given: Parameters<typeof domainText>): DomainDocument => aDocument(domainText(...given), { label: `${given[0]}.xml` });

function judge(
  one: DomainDocument,
  others: readonly DomainDocument[],
  pages = 0,
  defined: readonly DefinedDocument[] | null = [],
): Outcome {
  const definedDocuments = defined === null ? NO_HOST_FACT : known(defined);
  const facts = {
    memory: aMemory(),
    hugepages: someHugepages([aPool(pages)]),
    config: aConfig(),
    definedDocuments,
    liveDomains: NO_HOST_FACT,
  };
  const [outcome] = rule.judge(one, facts, [one, ...others]);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

describe(rule.id, () => {
  it('passes when both fit', () => {
    expect(judge(domain('one', 14, '1'), [domain('two', 14, '2')])).toMatchObject({ status: 'pass' });
    expect(judge(domain('one', 8, '1', HUGE), [domain('two', 8, '2', HUGE)], 8192)).toMatchObject({ status: 'pass' });
  });

  it('fails when the memory of the host does not do for both', () => {
    expect(judge(domain('one', 16, '1'), [domain('two', 14, '2')])).toMatchObject({
      status: 'fail',
      message: 'with two.xml, which can run at the same time: 2048 MiB left for the host, 4096 MiB are wanted',
      evidence: [{ source: 'one.xml:8' }, { observed: 'MemTotal 32768 MiB' }, {}],
    });
  });

  it('fails when the hugepages do not do for both', () => {
    expect(judge(domain('one', 8, '1', HUGE), [domain('two', 8, '2', HUGE)], 8191)).toMatchObject({
      status: 'fail',
      message: 'hugepages-2048kB: 16382 MiB in all; the guest needs 8192 MiB, and two.xml 8192 MiB at the same time',
      evidence: [{}, { observed: '8191 pages', expected: '8192 pages' }],
    });
  });

  it('knows that domains with the same device never run together', () => {
    expect(judge(domain('one', 16, '1'), [domain('two', 16, '1')])).toMatchObject({ status: 'pass' });
    expect(judge(domain('one', 16, '1'), [domain('two', 10, '2'), domain('three', 12, '2')])).toMatchObject({ status: 'pass' });
  });

  it('counts domains of the host that run, each once, and not the judged one', () => {
    const defined = [aDefinedDocument(domainText('two', 14, '2')), aDefinedDocument(domainText('one', 16, '1'))];
    expect(judge(domain('one', 16, '1'), [], 0, defined)).toMatchObject({ status: 'fail', message: expect.stringMatching(/^with two, /) });
    expect(judge(domain('one', 14, '1'), [domain('two', 14, '2')], 0, defined)).toMatchObject({ status: 'pass' });
  });

  it('does not count domains that the host can swap', () => {
    expect(judge(domain('one', 16, '1'), [domain('two', 64, null)])).toMatchObject({ status: 'not-applicable' });
  });

  it('does not apply to one domain alone', () => {
    expect(judge(domain('one', 64, '1'), [], 0, null)).toMatchObject({ status: 'not-applicable' });
  });
});
