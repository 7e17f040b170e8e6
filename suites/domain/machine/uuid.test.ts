import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, fixed, judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import rule from './uuid.ts';

const UUID = '3288f0d8-6c0a-44c6-b1b3-b73f061a156d';
const text = (uuid: string): string => aDefinition().replace('</name>', `</name>\n  <uuid>${uuid}</uuid>`);
const NO_HOST = { definedDocuments: NO_HOST_FACT };
const judge = (uuid: string) => judgeOneDomain(rule, aDocument(text(uuid)), NO_HOST);

describe(rule.id, () => {
  // Each was taken or refused by libvirt 9.0.
  it.each([UUID, UUID.toUpperCase(), UUID.replaceAll('-', ''), `  ${UUID}\n`, '3288 f0d8 6c0a 44c6 b1b3 b73f 061a 156d', `-${UUID}`])(
    'passes for "%s"',
    (uuid) => expect(judge(uuid)).toMatchObject({ status: 'pass' }),
  );

  it.each([
    'YOUR_UUID_HERE',
    '[REDACTED]',
    UUID.slice(1),
    `${UUID}0`,
    `${UUID}-`,
    `{${UUID}}`,
    UUID.replace('32', '3-2'),
    '9'.repeat(5000),
  ])('fails for "%s", and takes it away', (uuid) => {
    expect(judge(uuid)).toMatchObject({ status: 'fail', message: `'${uuid.slice(0, 60)}' is no UUID`, location: { line: 3 } });
    expect(fixed(rule, aDocument(text(uuid)), NO_HOST)).not.toContain('uuid');
  });

  it('leaves a definition with the name of a domain to unique: without the UUID of that libvirt refuses it', () => {
    const document = aDocument(aDefinition());
    const definedDocuments = { ok: true as const, value: [{ document, state: 'shut off' }] };
    expect(judgeOneDomain(rule, aDocument(text('YOUR_UUID_HERE')), { definedDocuments })).toMatchObject({ status: 'not-applicable' });
    const other = { ok: true as const, value: [{ document: aDocument(aDefinition({ name: 'other' })), state: 'shut off' }] };
    expect(judgeOneDomain(rule, aDocument(text('YOUR_UUID_HERE')), { definedDocuments: other })).toMatchObject({ status: 'fail' });
  });

  it('passes without one, which libvirt makes', () => {
    expect(judge('')).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, {}, NO_HOST)).toMatchObject({ status: 'pass' });
  });
});
