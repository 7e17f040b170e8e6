import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { anAudioFunction, aPciDevice } from '../../../test/facts.ts';
import { aHostdev } from '../../../test/host-device.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { ok } from '../../../src/host/reading.ts';
import rule from './other-domains.ts';

const NO_HOST = { definedDocuments: NO_HOST_FACT, pciDevices: NO_HOST_FACT };
const HOST_DEVICES = { ok: true, value: [aPciDevice(), anAudioFunction({ iommuGroup: ok('12') })] } as const;

function aDomainNamed(name: string, source = '01:00.0', body = ''): DomainDocument {
  return aDocument(aDefinition({ name, body, gpu: false, devices: aHostdev({ source }) }), { label: `${name}.xml` });
}

function aSliceFor(name: string, uuid: string): DomainDocument {
  const devices = `<hostdev type='mdev' model='vfio-pci'><source><address uuid='${uuid}'/></source></hostdev>`;
  return aDocument(aDefinition({ name, gpu: false, devices }));
}

const WIN = aDomainNamed('win11');
const defined = (...domains: readonly (readonly [DomainDocument, string])[]) => ({
  definedDocuments: { ok: true, value: domains.map(([document, state]) => ({ document, state })) } as const,
  pciDevices: HOST_DEVICES,
});

describe(rule.id, () => {
  it('passes when the others have other devices', () => {
    expect(rule.judge(WIN, NO_HOST, [WIN, aDomainNamed('linux', '02:00.0')])).toMatchObject([{ status: 'pass' }]);
  });

  it('tells two given domains that cannot run together', () => {
    expect(rule.judge(WIN, NO_HOST, [WIN, aDomainNamed('linux')])).toMatchObject([
      {
        status: 'fail',
        severity: 'minor',
        message: '0000:01:00.0 is given to linux as well: the two cannot run together',
        evidence: [{ source: 'win11.xml:9' }, { source: 'linux.xml:9' }],
      },
    ]);
  });

  it('fails while the other one runs', () => {
    expect(rule.judge(WIN, defined([WIN, 'shut off'], [aDomainNamed('linux'), 'running']))).toMatchObject([
      {
        status: 'fail',
        severity: 'blocker',
        message: '0000:01:00.0 is given to linux as well, and linux is running',
        evidence: [{}, {}, { source: 'virsh list --all', observed: 'linux: running' }],
        remedy: { steps: [{ run: 'virsh shutdown linux' }] },
      },
    ]);
  });

  it('does not blame a domain that runs itself', () => {
    expect(rule.judge(WIN, defined([WIN, 'running']))).toMatchObject([{ status: 'not-applicable' }]);
    expect(rule.judge(WIN, defined([WIN, 'running'], [aDomainNamed('linux'), 'shut off']))).toMatchObject([{ severity: 'minor' }]);
    expect(rule.judge(WIN, defined([WIN, 'running'], [aDomainNamed('linux'), 'running']))).toMatchObject([{ severity: 'minor' }]);
  });

  it('believes libvirt about the devices of what runs, not an edited file', () => {
    const facts = defined([WIN, 'shut off'], [aDomainNamed('linux', '02:00.0'), 'running']);
    expect(rule.judge(WIN, facts, [WIN, aDomainNamed('linux')])).toMatchObject([{ status: 'pass' }]);
  });

  it('knows slices of a GPU', () => {
    const [one, other] = [
      aSliceFor('one', 'f321853c-c584-4a6b-b99a-3eee22a3919c'),
      aSliceFor('other', 'F321853C-c584-4a6b-b99a-3eee22a3919c'),
    ];
    expect(rule.judge(one, NO_HOST, [one, other])).toMatchObject([
      { status: 'fail', message: expect.stringContaining('is given to other as well') },
    ]);
  });

  it('knows that a group belongs to one domain', () => {
    const outcomes = rule.judge(WIN, defined([aDomainNamed('linux', '01:00.1'), 'running']));
    expect(outcomes).toMatchObject([
      { severity: 'blocker', message: '0000:01:00.0 is in one IOMMU group with 0000:01:00.1, which linux is given, and linux is running' },
    ]);
  });

  it('takes another version of one domain for the same, by name or UUID', () => {
    const uuid = '<uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>';
    const one = aDomainNamed('one', '01:00.0', uuid);
    expect(rule.judge(one, NO_HOST, [one, aDomainNamed('two', '01:00.0', uuid)])).toMatchObject([{ status: 'not-applicable' }]);
    expect(rule.judge(WIN, NO_HOST, [WIN, aDomainNamed('win11')])).toMatchObject([{ status: 'not-applicable' }]);
  });

  it('says that it could not ask libvirt, on a host only', () => {
    const hidden = { ok: false, error: new FactError({ source: 'virsh list', reason: 'permission denied' }) } as const;
    expect(rule.judge(WIN, { definedDocuments: hidden, pciDevices: HOST_DEVICES })).toMatchObject([
      { status: 'unknown', severity: 'minor' },
    ]);
    expect(rule.judge(WIN, NO_HOST)).toMatchObject([{ status: 'not-applicable', message: 'no other domain was given' }]);
  });

  it('stays near linear with many domains', () => {
    const many = Array.from({ length: 500 }, (_, index) => aDomainNamed(`vm${index}`));
    expect(rule.judge(WIN, NO_HOST, [WIN, ...many])).toHaveLength(1);
  });
});
