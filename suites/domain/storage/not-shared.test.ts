import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, type DomainParts, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import rule from './not-shared.ts';

const disk = (path: string, more = '', target = 'vda'): string =>
  `<disk type='file'><source file='${path}'/><target dev='${target}'/>${more}</disk>`;
const block = (path: string, target = 'vda'): string => `<disk type='block'><source dev='${path}'/><target dev='${target}'/></disk>`;
const document = (name: string, devices: string, given: DomainParts = {}): DomainDocument =>
  aDocument(aDefinition({ name, devices, gpu: false, ...given }), { label: `${name}.xml` });

const WITHOUT = { definedDocuments: NO_HOST_FACT, lintedDisks: NO_HOST_FACT };
const withLinks = (links: Record<string, string> = {}) => ({
  ok: true as const,
  value: { sources: new Map(), links: new Map(Object.entries(links)), user: { ok: true as const, value: null } },
});
const defined = (...domains: [DomainDocument, string][]) => ({
  ok: true as const,
  value: domains.map(([one, state]) => ({ document: one, state })),
});

describe(rule.id, () => {
  it('passes a domain whose images are its own', () => {
    const one = document('win11', disk('/vm/a') + disk('/vm/b', '', 'vdb'));
    expect(rule.judge(one, WITHOUT, [one, document('win10', disk('/vm/c'))])).toMatchObject([{ status: 'pass' }]);
  });

  it.each([
    ['written twice', disk('/vm/a') + disk('/vm//a', '', 'vdb')],
    ['written once, and read once', disk('/vm/a', '<readonly/>') + disk('/vm/a', '', 'vdb')],
    ['shared by one of them only', disk('/vm/a', '<shareable/>') + disk('/vm/a', '', 'vdb')],
  ])('is a blocker when an image is %s in one domain', (_, devices) => {
    const [outcome] = rule.judge(document('win11', devices), WITHOUT);
    expect(outcome).toMatchObject({ status: 'fail', message: 'the drives vda and vdb are one image' });
    expect(outcome).not.toHaveProperty('severity');
  });

  it.each([
    ['two readers', disk('/vm/a', '<readonly/>') + disk('/vm/a', '<readonly/>', 'vdb')],
    ['two CD-ROM drives', "<disk device='cdrom'><source file='/a.iso'/></disk>".repeat(2)],
    ['two that say that they share', disk('/vm/a', '<shareable/>') + disk('/vm/a', '<shareable/>', 'vdb')],
  ])('passes %s', (_, devices) => {
    expect(rule.judge(document('win11', devices), WITHOUT)).toMatchObject([{ status: 'pass' }]);
  });

  it('is minor when a file is shared with a domain that does not run, because QEMU locks it', () => {
    const one = document('win11', disk('/vm/a'));
    expect(rule.judge(one, WITHOUT, [one, document('win11-nogpu', disk('/vm/a', '', 'sda'))])).toMatchObject([
      {
        status: 'fail',
        severity: 'minor',
        message: 'drive vda is also sda of win11-nogpu: only one of the two can run',
        evidence: [{}, { source: 'win11-nogpu.xml:9' }],
      },
    ]);
  });

  it('is major when a block device is, which nothing locks', () => {
    const one = document('win11', block('/dev/vg/win'));
    expect(rule.judge(one, WITHOUT, [one, document('other', block('/dev/vg/win'))])).toMatchObject([{ status: 'fail', severity: 'major' }]);
  });

  it('is a blocker while the other domain runs', () => {
    const one = document('win11', disk('/vm/a'));
    const facts = { lintedDisks: withLinks(), definedDocuments: defined([document('other', disk('/vm/a')), 'running']) };
    expect(rule.judge(one, facts)).toMatchObject([
      {
        status: 'fail',
        severity: 'blocker',
        message: 'drive vda is also vda of other: other is running',
        evidence: [{}, {}, { observed: 'other: running' }],
      },
    ]);
  });

  it('sees one image behind two paths where the host tells', () => {
    const one = document('win11', block('/dev/disk/by-id/ata-X'));
    const facts = {
      lintedDisks: withLinks({ '/dev/disk/by-id/ata-X': '/dev/sdc' }),
      definedDocuments: defined([document('other', block('/dev/sdc')), 'shut off']),
    };
    expect(rule.judge(one, facts)).toMatchObject([{ status: 'fail', severity: 'major' }]);
  });

  it('passes domains that are given one GPU, and so never run together', () => {
    const one = document('win11', block('/dev/vg/win'), { gpu: true });
    expect(rule.judge(one, WITHOUT, [one, document('win10', block('/dev/vg/win'), { gpu: true })])).toMatchObject([{ status: 'pass' }]);
  });

  it('does not compare a domain with another version of itself', () => {
    const one = document('win11', disk('/vm/a'));
    const facts = { lintedDisks: withLinks(), definedDocuments: defined([document('win11', disk('/vm/a')), 'running']) };
    expect(rule.judge(one, facts, [one, document('win11', disk('/vm/a'))])).toMatchObject([{ status: 'pass' }]);
  });

  it('could not look where libvirt does not show its domains', () => {
    const error = new FactError({ source: 'virsh list', reason: 'refused' });
    const facts = { lintedDisks: withLinks(), definedDocuments: { ok: false as const, error } };
    expect(rule.judge(document('win11', disk('/vm/a')), facts)).toMatchObject([{ status: 'unknown' }]);
  });

  it('says nothing of a domain without images', () => {
    expect(rule.judge(document('win11', "<disk device='cdrom'/>"), WITHOUT)).toMatchObject([{ status: 'not-applicable' }]);
  });
});
