import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import rule from './unique.ts';

const [A, B] = ['11111111-2222-4333-8444-555555555555', '99999999-2222-4333-8444-555555555555'];
const NO_HOST = { definedDocuments: NO_HOST_FACT };

function vm(name: string, uuid: string | null = null, label = `${name}.xml`): DomainDocument {
  return aDocument(aDefinition({ name, body: uuid === null ? '' : `<uuid>${uuid}</uuid>` }), { label });
}

function host(...documents: DomainDocument[]) {
  return { definedDocuments: { ok: true as const, value: documents.map((document) => ({ document, state: 'running' })) } };
}

const judge = (document: DomainDocument, facts: Parameters<typeof rule.judge>[1] = NO_HOST, others: readonly DomainDocument[] = []) =>
  rule.judge(document, facts, [document, ...others])[0];

describe(rule.id, () => {
  it('passes for a domain of its own', () => {
    expect(judge(vm('a', A), host(vm('b', B)), [vm('c')])).toMatchObject({ status: 'pass' });
  });

  it('passes for the definition of a domain that libvirt has, in whatever spelling of the UUID', () => {
    expect(judge(vm('a', A), host(vm('a', A)))).toMatchObject({ status: 'pass' });
    expect(judge(vm('a', A.toUpperCase().replaceAll('-', '')), host(vm('a', A)))).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['no UUID', null],
    ['a placeholder', 'YOUR_USER_ID_HERE'],
  ])('takes a definition with the name of a domain and %s for a new version of it', (_, uuid) => {
    expect(judge(vm('a', uuid), host(vm('a', A)))).toMatchObject({
      status: 'fail',
      message: 'libvirt has a already, and takes this for a new version of it only with the UUID that it has',
      evidence: [{ expected: `<uuid>${A}</uuid>` }, { source: 'virsh list --all', observed: `a ${A}` }],
      remedy: { steps: [{ line: `<uuid>${A}</uuid>` }] },
    });
  });

  it('fails for the name of a domain of libvirt with another UUID', () => {
    expect(judge(vm('a', B), host(vm('a', A)))).toMatchObject({
      status: 'fail',
      severity: 'blocker',
      message: 'libvirt has another domain named a',
      evidence: [{ source: 'a.xml:2' }, { source: 'virsh list --all', observed: `a ${A}` }],
      remedy: { steps: [{ line: `<uuid>${A}</uuid>` }] },
    });
  });

  it('fails for the UUID of a domain of libvirt', () => {
    expect(judge(vm('copy', A), host(vm('a', A)))).toMatchObject({
      status: 'fail',
      message: 'libvirt has the domain a with this UUID',
      location: { line: 8 },
    });
  });

  it('is major among definitions that were given together', () => {
    expect(judge(vm('a', A), NO_HOST, [vm('a', B, 'other.xml')])).toMatchObject({
      status: 'fail',
      severity: 'major',
      message: 'other.xml is another domain named a',
    });
    expect(judge(vm('a', A), NO_HOST, [vm('b', A)])).toMatchObject({ status: 'fail', message: 'b.xml is the domain b with this UUID' });
  });

  it('passes nothing that it could not look at on a host', () => {
    const error = new FactError({ source: 'virsh list --all', reason: 'permission denied' });
    expect(judge(vm('a', A), { definedDocuments: { ok: false, error } })).toMatchObject({ status: 'unknown', severity: 'major' });
  });

  it('takes the same domain given twice as one', () => {
    expect(judge(vm('a', A), NO_HOST, [vm('a', A, 'backup.xml')])).toMatchObject({ status: 'pass' });
    expect(judge(vm('a'), NO_HOST, [vm('a', null, '-')])).toMatchObject({ status: 'pass' });
  });
});
