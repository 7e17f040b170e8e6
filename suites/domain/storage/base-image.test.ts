import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aDiskSource, aStat, someLintedDisks } from '../../../test/linted-disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './base-image.ts';

const disk = (path: string, target = 'vda', more = ''): string =>
  `<disk type='file'><source file='${path}'/><target dev='${target}'/>${more}</disk>`;
const document = (name: string, devices: string): DomainDocument => aDocument(aDefinition({ name, devices }), { label: `${name}.xml` });
const BASE = { path: '/vm/base.qcow2', stat: ok(aStat()), reach: null };
const lintedDisks = someLintedDisks([aDiskSource('/vm/clone.qcow2', { backing: [BASE] }), aDiskSource('/vm/base.qcow2')]);
const WITHOUT = { lintedDisks, definedDocuments: NO_HOST_FACT };
const on = (other: DomainDocument, state: string) => ({
  lintedDisks,
  definedDocuments: { ok: true as const, value: [{ document: other, state }] },
});
const CLONE = document('clone', disk('/vm/clone.qcow2'));

describe(rule.id, () => {
  it('passes an image below that nobody writes', () => {
    expect(rule.judge(CLONE, WITHOUT)).toMatchObject([{ status: 'pass' }]);
    expect(rule.judge(CLONE, on(document('template', disk('/vm/base.qcow2', 'vda', '<readonly/>')), 'running'))).toMatchObject([
      { status: 'pass' },
    ]);
  });

  it('is major when another domain writes into it', () => {
    const outcomes = rule.judge(CLONE, on(document('template', disk('/vm//base.qcow2')), 'shut off'));
    expect(outcomes).toMatchObject([
      {
        status: 'fail',
        message: 'template writes into /vm/base.qcow2, which disk vda is built on',
        evidence: [{}, { source: 'template.xml:9' }],
      },
    ]);
    expect(outcomes[0]).not.toHaveProperty('severity');
  });

  it('is a blocker while that domain runs', () => {
    expect(rule.judge(CLONE, on(document('template', disk('/vm/base.qcow2')), 'running'))).toMatchObject([
      { severity: 'blocker', message: expect.stringContaining('template, which is running,') },
    ]);
  });

  it('is a blocker in one domain, which does not start', () => {
    const one = document('clone', disk('/vm/clone.qcow2') + disk('/vm/base.qcow2', 'vdb'));
    expect(rule.judge(one, WITHOUT)).toMatchObject([
      { severity: 'blocker', message: expect.stringContaining('disk vdb of the same domain') },
    ]);
  });

  it('says nothing of images that are built on none', () => {
    expect(rule.judge(document('base', disk('/vm/base.qcow2')), WITHOUT)).toMatchObject([{ status: 'not-applicable' }]);
  });
});
