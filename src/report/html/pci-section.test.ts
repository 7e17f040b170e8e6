import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { HOSTILE_TEXTS } from '../../../test/hostile-texts.ts';
import { aFunction, aPciMachine, aPort, beside, CARD, DRIVE, PORT, SOUND } from '../../../test/pci-machines.ts';
import { aReport, aResult } from '../../../test/report.ts';
import { elementsOf, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Machine } from '../machine.ts';
import { renderHtml } from './html-report.ts';
import { pciSection } from './pci-section.ts';

function markupOf(machine: Machine): string {
  return pciSection(aReport({ machine }))?.body.markup ?? '';
}

function elementsIn(machine: Machine) {
  return elementsOf(parseStrictly(markupOf(machine)));
}

function legendOf(machine: Machine): string {
  return (
    markupOf(machine)
      .split('</ul>')
      .find((part) => part.includes('pci-legend')) ?? ''
  );
}

const SHARED = aPciMachine({ devices: [PORT, CARD, SOUND, DRIVE], others: [beside(false)] });

describe('the map of PCI functions', () => {
  it('is no part of a report without a machine', () => {
    expect(pciSection(aReport())).toBeNull();
  });

  it('says why there is none where the functions could not be looked at', () => {
    const hidden = [{ part: 'PCI devices', source: '/sys/bus/pci/devices', reason: 'permission denied', hint: null }];
    const markup = markupOf(aPciMachine({ inventory: { pciDevices: null, gpus: null, hidden } }));
    expect(markup).toContain('could not be looked at (/sys/bus/pci/devices: permission denied)');
    expect(markup).not.toContain('<svg');
  });

  it('says that a machine has none', () => {
    expect(markupOf(aPciMachine({ devices: [] }))).toBe('<p>This machine has no PCI device.</p>');
  });

  it('has two pictures, of which a person can hear what they show', () => {
    const pictures = elementsIn(SHARED).filter(({ name, attributes }) => name === 'svg' && attributes.has('role'));
    const heard = pictures.map(({ children }) =>
      children.flatMap((child) => (typeof child !== 'string' && /^(?:title|desc)$/.test(child.name) ? [textOf(child)] : [])),
    );
    expect(heard).toHaveLength(2);
    expect(heard[0]?.[1]).toContain('Group 12 with 0000:01:00.0 (vfio-pci), 0000:01:00.1 (vfio-pci) also holds 0000:02:00.0 (nvme)');
    expect(heard[1]?.[1]).toContain('4 PCI functions in 2 IOMMU groups');
  });

  it('leads from a shared group to its evidence and fix', () => {
    const results = ['pass', 'fail'].map((status) =>
      aResult({ id: 'preflight/iommu/group-isolated', subject: `for ${status}`, status: status === 'pass' ? 'pass' : 'fail' }),
    );
    const page = renderHtml(aReport({ machine: SHARED, results }));
    const [, anchor = '', words] = /Evidence and fix: <a href="#([a-z0-9-]+)">([^<]+)<\/a><\/p>/.exec(page) ?? [];
    expect(words).toBe('for fail');
    expect(page).toContain(`id="${anchor}"`);
  });

  it('marks the intruder by a sign and a word, not by colour alone', () => {
    const texts = elementsIn(SHARED).filter(({ name }) => name === 'text');
    const said = texts.map((element) => `${element.attributes.get('class')}: ${textOf(element)}`);
    expect(said).toEqual(expect.arrayContaining(['letter intruder: !', 'role intruder: intruder', 'driver: nvme']));
  });

  it('frames a group once where its members stand together, and says so where they do not', () => {
    const texts = elementsIn(SHARED).filter(({ attributes }) => attributes.get('class')?.startsWith('group') === true);
    expect(texts.map(textOf)).toEqual(['group 1', 'group 12', 'also 12', 'group 1', 'group 12', 'also 12']);
  });

  it('says in a sentence what its words mean, and only of what there is', () => {
    expect(markupOf(aPciMachine())).toContain('<dt>Apart</dt>');
    const bare = markupOf(aPciMachine({ devices: [aFunction('0000:00:00.0')], inventory: { gpus: [] } }));
    expect(bare).toContain('<dt>Root bus</dt>');
    expect(bare).not.toMatch(/<dt>(?:Apart|Group)</);
  });

  it('has what goes to the VM first in the table, and names the sound of the GPU', () => {
    const order = [...markupOf(SHARED).matchAll(/<tr[^>]*><th scope="row">([^<]*)</g)].map(([, address]) => address);
    expect(order.slice(0, 3)).toEqual(['0000:01:00.0', '0000:01:00.1', '0000:02:00.0']);
    expect(markupOf(SHARED)).toContain('>audio of the GPU<');
  });

  it('explains only the signs that are on it', () => {
    expect(legendOf(aPciMachine())).not.toContain('intruder');
    expect(legendOf(SHARED)).toContain('intruder');
    expect(legendOf(aPciMachine({ devices: [aFunction('0000:00:00.0')], inventory: { gpus: [] } }))).not.toContain('frame');
  });

  it('does not call a hidden driver or group none', () => {
    const hidden = { ...DRIVE, driver: null, iommuGroup: null, unknown: ['driver', 'iommuGroup'] };
    const cells = elementsIn(aPciMachine({ devices: [hidden] })).filter(({ name }) => name === 'td');
    expect(cells.map(textOf)).toEqual(['Samsung 980 PRO', 'System peripheral', '8086:1234', 'not seen', 'not seen', '']);
    expect(markupOf(aPciMachine({ devices: [hidden] }))).toContain('class="driver none">not seen<');
  });

  it('tells a GPU that is meant from one that only could be', () => {
    const machine = aPciMachine();
    const likely = {
      ...machine,
      vms: [],
      inventory: { ...machine.inventory, gpus: [{ ...CARD, isPassedThrough: false, isLikely: true }] },
    };
    expect(markupOf(machine)).toContain('<h3>What goes to the VM</h3>');
    expect(markupOf(likely)).toContain('<h3>What would go to the VM</h3>');
  });
});

describe('names that a host or an edited report gives', () => {
  const text = fc.oneof(
    fc.constantFrom(...HOSTILE_TEXTS.filter(({ length }) => length < 500)),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  const device = fc
    .record({ address: text, name: text, id: text, className: text, classCode: text, driver: fc.option(text), iommuGroup: fc.option(text) })
    .chain((own) => fc.array(text, { maxLength: 2 }).map((upstream) => aFunction(own.address, { ...own, upstream })));

  it('cannot get out of their place', () => {
    fc.assert(
      fc.property(fc.array(device, { maxLength: 6 }), fc.array(text, { maxLength: 3 }), text, (devices, passed, group) => {
        const machine = {
          ...aPciMachine({
            devices: [...devices, CARD],
            inventory: { iommu: { instances: [group], groups: 1, others: [{ group, name: group }] } },
          }),
          passthrough: { devices: passed, groups: [group], others: [{ group, name: group, driver: group, mayStay: false }] },
        };
        const allowed = new Set(elementsIn(SHARED).map(({ name }) => name));
        for (const { name } of elementsIn(machine)) expect([...allowed, 'span']).toContain(name);
      }),
    );
  });

  it('of ten thousand characters are cut in the picture and whole in the table', () => {
    const long = 'x'.repeat(10_000);
    const markup = markupOf(aPciMachine({ devices: [aFunction(long, { name: long, driver: long, iommuGroup: long })] }));
    const [picture = '', table = ''] = markup.split('<table');
    expect(picture.length).toBeLessThan(8000);
    expect(table.split(long)).toHaveLength(5);
  });
});

describe('very many VMs with very long names', () => {
  it('that all get every device do not make the page larger than the report', () => {
    const machine = aPciMachine();
    const vms = machine.vms.flatMap((vm) => Array.from({ length: 200 }, () => ({ ...vm, name: 'x'.repeat(10_000) })));
    expect(markupOf({ ...machine, vms }).length).toBeLessThan(20_000);
  });
});

describe('large machines', () => {
  it('with 2,000 functions and a group of hundreds take no more than a fraction of a megabyte', () => {
    const ports = Array.from({ length: 60 }, (_, at) =>
      aPort(`0000:00:${(at >> 3).toString(16).padStart(2, '0')}.${at & 7}`, { iommuGroup: '1' }),
    );
    const virtual = Array.from({ length: 2000 }, (_, at) =>
      aFunction(`0000:${(16 + (at >> 8)).toString(16)}:${((at >> 3) & 31).toString(16).padStart(2, '0')}.${at & 7}`, {
        upstream: [ports[at % 60]?.address ?? ''],
        iommuGroup: at < 600 ? '12' : String(100 + at),
        name: 'Mellanox Technologies MT28908 Family [ConnectX-6 Virtual Function]',
      }),
    );
    const others = virtual.slice(0, 600).map(({ address }) => beside(true, address, null));
    const markup = markupOf(aPciMachine({ devices: [...ports, CARD, SOUND, ...virtual], others }));
    expect(markup.length).toBeLessThan(700_000);
    expect(markup.split('<tr')).toHaveLength(1 + 1 + 2062);
  });
});
