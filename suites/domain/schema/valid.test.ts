import { describe, expect, it } from 'vitest';

import type { SchemaVerdict } from '../../../src/domain/document.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { aDefinition, aDocument, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './valid.ts';

const judge = (schema: SchemaVerdict | null): Outcome => judgeOneDomain(rule, { ...aDocument(aDefinition()), schema });

describe(rule.id, () => {
  it('passes when the validator finds nothing', () => {
    expect(judge({ state: 'valid', version: '9.0.0' })).toMatchObject({ status: 'pass' });
  });

  it('fails with what the validator complains about', () => {
    expect(
      judge({ state: 'wrong', version: '9.0.0', complaints: ['line 3: element foo: Element domain has extra content'] }),
    ).toMatchObject({
      status: 'fail',
      message: 'the schema of libvirt 9.0.0 does not take something in it: line 3: element foo: Element domain has extra content',
      evidence: [{ source: 'virt-xml-validate win11.xml domain' }],
    });
  });

  it('names the element that does not fit', () => {
    const complaints = ['Extra element uuid', 'line 1: element domain: Relax-NG validity error : Invalid sequence in interleave'];
    expect(judge({ state: 'wrong', version: '9.0.0', complaints })).toMatchObject({
      message: 'the schema of libvirt 9.0.0 does not take <uuid> as it is written',
    });
  });

  it.each([
    ['', '', 'fail'],
    ["<?xml version='1.0'?>\n<!-- made by <virsh> -->\n", '', 'fail'],
    ['<node>', '</node>', 'not-applicable'],
    ["<?xml version='1.0'?>\n<domstatus>", '</domstatus>', 'not-applicable'],
  ])('judges a file that is a domain, with "%s" before it', (before, after, status) => {
    const document = aDocument(`${before}${aDefinition()}${after}`);
    expect(judgeOneDomain(rule, { ...document, schema: { state: 'wrong', version: '9.0.0', complaints: [] } })).toMatchObject({ status });
  });

  it('does not apply without the validator, and says which', () => {
    expect(judge({ state: 'not-installed' })).toMatchObject({
      status: 'not-applicable',
      message: expect.stringContaining('virt-xml-validate is not installed'),
    });
    expect(judge(null)).toMatchObject({ status: 'not-applicable' });
  });

  it('does not pass when the validator broke', () => {
    expect(judge({ state: 'failed', reason: 'it needs xmllint, which is not installed' })).toMatchObject({
      status: 'unknown',
      message: 'could not look: it needs xmllint, which is not installed',
    });
  });
});
