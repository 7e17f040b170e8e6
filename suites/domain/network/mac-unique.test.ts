import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, type DomainParts, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import rule from './mac-unique.ts';

const MAC = '52:54:00:00:00:01';
const card = (address = MAC, source = "type='network'><source network='default'/>"): string =>
  `<interface ${source}<mac address='${address}'/></interface>`;
const document = (name: string, devices: string, given: DomainParts = {}): DomainDocument =>
  aDocument(aDefinition({ name, devices, gpu: false, ...given }), { label: `${name}.xml` });

const WITHOUT = { definedDocuments: NO_HOST_FACT };
const on = (...domains: [DomainDocument, string][]) => ({
  definedDocuments: { ok: true as const, value: domains.map(([one, state]) => ({ document: one, state })) },
});

describe(rule.id, () => {
  it('passes addresses of which each is there once', () => {
    const one = document('win11', card());
    expect(rule.judge(one, WITHOUT, [one, document('win10', card('52:54:00:00:00:02'))])).toMatchObject([{ status: 'pass' }]);
  });

  it('fails when two cards of one domain have one address, however it is written', () => {
    expect(rule.judge(document('win11', card() + card('52:54:0:0:0:1')), WITHOUT)).toMatchObject([
      { status: 'fail', message: `two network cards have the address ${MAC}` },
    ]);
  });

  it('is major when another domain has it, also one that can never run beside', () => {
    const one = document('win11', card(), { gpu: true });
    const outcomes = rule.judge(one, WITHOUT, [one, document('win11-clone', card(), { gpu: true })]);
    expect(outcomes).toMatchObject([{ status: 'fail', message: `win11-clone has a network card with the address ${MAC}, too` }]);
    expect(outcomes[0]).not.toHaveProperty('severity');
  });

  it('is a blocker while a domain with that address runs', () => {
    expect(rule.judge(document('win11', card()), on([document('win10', card()), 'running']))).toMatchObject([
      {
        status: 'fail',
        severity: 'blocker',
        message: expect.stringContaining('and is running'),
        evidence: [{}, { source: 'win10.xml:9' }, {}],
      },
    ]);
  });

  it('is no blocker when both run already, or cannot run together', () => {
    const disk = "<disk type='file'><source file='/vm/a'/></disk>";
    const one = document('win11', card() + disk);
    expect(rule.judge(one, on([document('win10', card() + disk), 'running']))[0]).not.toHaveProperty('severity');
    expect(rule.judge(one, on([document('win10', card()), 'running'], [one, 'running']))[0]).not.toHaveProperty('severity');
  });

  it('is minor on another virtual network', () => {
    const other = document('win10', card(MAC, "type='network'><source network='lab'/>"));
    expect(rule.judge(document('win11', card()), on([other, 'running']))).toMatchObject([{ severity: 'minor' }]);
  });

  it('does not compare a domain with another version of itself', () => {
    const one = document('win11', card());
    expect(rule.judge(one, on([document('win11', card()), 'running']), [one])).toMatchObject([{ status: 'pass' }]);
  });

  it('could not look where libvirt does not show its domains', () => {
    const error = new FactError({ source: 'virsh list', reason: 'refused' });
    expect(rule.judge(document('win11', card()), { definedDocuments: { ok: false, error } })).toMatchObject([{ status: 'unknown' }]);
  });

  it('says nothing without an address', () => {
    expect(rule.judge(document('win11', "<interface type='user'/>" + card('x')), WITHOUT)).toMatchObject([{ status: 'not-applicable' }]);
  });
});
