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
      message: 'the schema of libvirt 9.0.0 does not know something in it: line 3: element foo: Element domain has extra content',
      evidence: [{ source: 'virt-xml-validate win11.xml domain' }],
    });
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
