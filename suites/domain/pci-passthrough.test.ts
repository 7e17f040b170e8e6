import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, NO_HOST_FACT } from '../../test/domain-rule.ts';
import { anAudioFunction, anIommu, aPciDevice, someDisplays } from '../../test/facts.ts';
import { aHostdev } from '../../test/host-device.ts';
import type { DomainRule } from '../../src/engine/domain-rule.ts';
import { pass } from '../../src/engine/outcome.ts';
import { ABSENT, ok } from '../../src/host/reading.ts';
import { domainRules } from '../domain.ts';
import { atDevices, passthroughOf } from './pci-passthrough.ts';

const GPU = [aPciDevice(), anAudioFunction(), aPciDevice({ address: '0000:03:00.0', classCode: '010802' })];

describe('passthroughOf', () => {
  it('finds the GPUs with their functions, and what else is given and there', () => {
    const document = aDocument(
      aDefinition({
        name: 'win11',
        gpu: false,
        devices: [aHostdev(), ...['03:00.0', '09:00.0'].map((source) => aHostdev({ source, managed: 'no' }))].join(''),
      }),
    );
    expect(passthroughOf(document, GPU)).toMatchObject({
      gpus: [
        {
          address: '0000:01:00.0',
          functions: [{ address: '0000:01:00.0' }, { address: '0000:01:00.1' }],
          domains: ['win11'],
          isManaged: true,
        },
      ],
      devices: ['0000:01:00.0', '0000:01:00.1', '0000:03:00.0'],
    });
  });

  it('finds no GPU where only its sound is given', () => {
    expect(passthroughOf(aDocument(aDefinition({ gpu: false, devices: aHostdev({ source: '01:00.1' }) })), GPU)).toMatchObject({
      gpus: [],
      devices: ['0000:01:00.1'],
    });
  });
});

describe('atDevices', () => {
  it('tells what a check says of a device that the definition does not have without a place', () => {
    const outcome = pass({ source: '/sys', observed: 'x' });
    expect(atDevices(aDocument(aDefinition()), [{ subject: '0000:09:00.0', outcome }])).toEqual([outcome]);
    expect(atDevices(aDocument(aDefinition()), outcome)).toEqual(outcome);
  });
});

/** Rules of this topic, with what a host would give them; facts that they want are an attempt. */
const RULES = domainRules.filter(({ id }) => id.startsWith('domain/pci/')) as unknown as readonly DomainRule[];
const VALUES = {
  pciDevices: GPU,
  iommu: anIommu(),
  displays: someDisplays(),
  inputDevices: [],
  lintedRoms: [],
  lintedDeviceNeeds: { others: [], needs: [], unseen: [] },
  libvirtHooks: { qemu: ok([]) },
  libvirt: {
    uri: '',
    mode: null,
    daemon: ABSENT,
    socket: ABSENT,
    isListening: ABSENT,
    answer: { source: 'virsh', state: 'read' },
    version: [9, 0],
  },
} as const;

/** Enough of any kind of fact, whether a rule needs it or wants it. */
const FACTS = Object.fromEntries(
  [...new Set(RULES.flatMap(({ wants }) => wants))].map((id) => {
    const value = (VALUES as Readonly<Record<string, unknown>>)[id];
    return [id, value === undefined ? NO_HOST_FACT : Object.assign(Object(value), { ok: true, value })];
  }),
) as unknown as Parameters<DomainRule['judge']>[1];

const odd = fc.constantFrom(
  '',
  '0',
  '1',
  '0x00',
  '0x1f',
  '31',
  '99',
  '-1',
  '0xfffffffff',
  'x',
  '&#10;',
  'on',
  'off',
  'yes',
  'no',
  'pci',
  'kvm',
);
const anAddress = fc
  .dictionary(fc.constantFrom('type', 'domain', 'bus', 'slot', 'function', 'multifunction', 'uuid'), odd)
  .map((attributes) => `<address ${text(attributes)}/>`);
const aChild = fc.oneof(
  anAddress,
  anAddress.map((address) => `<source>${address}</source>`),
  fc.dictionary(fc.constantFrom('bar', 'file', 'enabled'), odd).map((attributes) => `<rom ${text(attributes)}/>`),
  fc.dictionary(fc.constantFrom('name', 'iommufd', 'caching_mode'), odd).map((attributes) => `<driver ${text(attributes)}/>`),
);
const aDevice = fc
  .tuple(
    fc.constantFrom('hostdev', 'interface', 'disk', 'controller', 'iommu', 'video'),
    fc.constantFrom(
      "type='pci'",
      "type='hostdev'",
      "type='mdev' display='on'",
      "type='nvme'",
      "index='0'",
      "model='intel'",
      "model='amd'",
      '',
    ),
    fc.array(aChild, { maxLength: 4 }),
  )
  .map(([name, attributes, children]) => `<${name} ${attributes}>${children.join('')}</${name}>`);

function text(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}='${value}'`)
    .join(' ');
}

describe('the rules about PCI devices', () => {
  it('answer to any odd definition', () => {
    expect(RULES.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(fc.array(aDevice, { maxLength: 12 }), fc.constantFrom('q35', 'pc', ''), (devices, machine) => {
        const body = `<os firmware='efi'><type machine='${machine}'>hvm</type></os>`;
        const document = aDocument(aDefinition({ gpu: false, body, devices: devices.join('') }));
        for (const rule of RULES) expect(rule.judge(document, FACTS).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
