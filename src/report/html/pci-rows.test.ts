import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aFunction, aPciMachine, aPort, beside, CARD, DRIVE, PORT, SOUND } from '../../../test/pci-machines.ts';
import type { InventoryDevice } from '../../inventory/model.ts';
import { pciForest } from './pci-forest.ts';
import { pciMembers } from './pci-members.ts';
import { allRows, membersOf, passedRows, type PciRow } from './pci-rows.ts';

function membersFor(devices: readonly InventoryDevice[]) {
  return pciMembers(aPciMachine({ devices })).members;
}

/** Each line with two blanks for each bridge above it. */
function lines(rows: readonly PciRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'heading') return row.words;
    if (row.kind === 'more') return `${row.count} more`;
    const names = membersOf(row).map(({ name }) => name);
    return `${'  '.repeat(row.depth + 1)}${names.join(' ')}`;
  });
}

const all = (...devices: InventoryDevice[]): string[] => lines(allRows(pciMembers(aPciMachine({ devices }))));

describe('the tree of functions', () => {
  it('hangs each function below the nearest bridge that is there', () => {
    const upper = aPort('0000:00:01.0');
    const switchPort = aPort('0000:01:00.0', { upstream: ['0000:00:01.0'] });
    const far = aFunction('0000:03:00.0', { upstream: ['0000:02:00.0', '0000:01:00.0', '0000:00:01.0'] });
    expect(all(upper, switchPort, far, aFunction('0000:80:00.0'))).toEqual([
      'Root bus 0000:00',
      '  0000:00:01.0',
      '    0000:01:00.0',
      '      0000:03:00.0',
      'Root bus 0000:80',
      '  0000:80:00.0',
    ]);
  });

  it('says where a bridge above is not there, and where an address is none', () => {
    expect(all(aFunction('0000:03:00.0', { upstream: ['0000:02:00.0'] }), aFunction('<b>'))).toEqual([
      'Bridge above not seen',
      '  0000:03:00.0',
      '  <b>',
    ]);
  });

  it('shows bridges that hang below each other in a circle, each once', () => {
    const circle = ['a', 'b', 'c'].map((name, at) => aPort(name, { upstream: [['b', 'c', 'a'][at] ?? ''] }));
    const rows = all(...circle, aFunction('self', { upstream: ['self'] }));
    expect(rows.map((row) => row.trim()).toSorted()).toEqual(['Bridge above not seen', 'a', 'b', 'c', 'self']);
  });

  it('shows an address that is there twice, twice', () => {
    expect(all(PORT, { ...CARD }, { ...CARD })).toEqual(['Root bus 0000:00', '  0000:00:01.0', '    0000:01:00.0', '    0000:01:00.0']);
  });

  it('has every function exactly once, below nothing that is below it', () => {
    const name = fc.constantFrom('0000:00:00.0', '0000:00:01.0', '0000:01:00.0', '0000:02:00.0', 'a', 'b', '');
    const device = fc
      .record({ address: name, upstream: fc.array(name, { maxLength: 3 }), classCode: fc.constantFrom('060400', '030000') })
      .map(({ address, ...rest }) => aFunction(address, rest));
    fc.assert(
      fc.property(fc.array(device, { maxLength: 12 }), (devices) => {
        const members = membersFor(devices);
        const { parents } = pciForest(members);
        for (const start of parents.keys()) {
          const seen = new Set<number>();
          for (let at: number | undefined = start; at !== undefined; at = parents.get(at)) {
            expect(seen.has(at)).toBe(false);
            seen.add(at);
          }
        }
        const drawn = allRows(pciMembers(aPciMachine({ devices }))).flatMap(membersOf);
        expect(drawn).toHaveLength(devices.length);
      }),
    );
  });
});

describe('the whole map', () => {
  it('takes functions of one slot and group into one line, from three on', () => {
    const fabric = [0, 1, 2, 3].map((number) => aFunction(`0000:00:18.${number}`, { iommuGroup: '20' }));
    expect(all(...fabric)).toEqual(['Root bus 0000:00', `  ${fabric.map(({ address }) => address).join(' ')}`]);
    expect(all(...fabric.slice(0, 2))).toHaveLength(3);
    expect(all(...fabric.map((one, at) => ({ ...one, iommuGroup: String(at) })))).toHaveLength(5);
  });

  it('keeps apart what is more than one of many', () => {
    const port = aPort('0000:00:1c.0');
    const slot = [0, 1, 2].map((number) => aFunction(`0000:00:1c.${number + 1}`));
    const below = aFunction('0000:05:00.0', { upstream: ['0000:00:1c.2'] });
    expect(all(port, ...slot, below)).toHaveLength(6);
  });

  it('puts members that are no PCI devices below their group, or at the end', () => {
    const others = [
      { group: '12', name: 'AMDI0010:00' },
      { group: '40', name: 'MSFT0101:00' },
    ];
    const machine = aPciMachine({ inventory: { iommu: { instances: ['ivhd0'], groups: 3, others } } });
    expect(lines(allRows(pciMembers(machine)))).toEqual([
      'Root bus 0000:00',
      '  0000:00:01.0',
      '    0000:01:00.0',
      '    0000:01:00.1',
      '  AMDI0010:00',
      'Not on the PCI bus',
      '  MSFT0101:00',
    ]);
    expect(lines(passedRows(pciMembers(machine)))).not.toContain('  MSFT0101:00');
  });

  it('shows of thousands what tells most, and counts the rest', () => {
    const many = Array.from({ length: 3000 }, (_, at) => aFunction(`0000:${(at >> 5).toString(16).padStart(2, '0')}:${at & 31}.0`));
    const boot = aFunction('0000:7f:00.0', { classCode: '030000' });
    const gpus = [CARD, { ...CARD, ...boot, isPassedThrough: false, isBootDisplay: true }];
    const rows = allRows(pciMembers(aPciMachine({ devices: [...many, PORT, CARD, SOUND, boot], inventory: { gpus } })));
    expect(rows.length).toBeLessThanOrEqual(201);
    const drawn = rows.flatMap(membersOf);
    expect(drawn.map(({ name }) => name)).toEqual(expect.arrayContaining([PORT.address, CARD.address, SOUND.address, boot.address]));
    expect(rows.at(-1)).toEqual({ kind: 'more', count: 3004 - drawn.length });
  });

  it('shows of bridges nested thousands deep as many as there is room for', () => {
    const addresses = Array.from({ length: 5000 }, (_, at) => `0000:${at.toString(16)}:00.0`);
    const chain = addresses.map((address, at) => aPort(address, { upstream: addresses.slice(Math.max(0, at - 1), at) }));
    const last = { ...CARD, upstream: addresses.slice(-1) };
    const rows = allRows(pciMembers(aPciMachine({ devices: [...chain, last] })));
    expect(rows).toHaveLength(201);
    expect(rows.at(-1)).toEqual({ kind: 'more', count: 5001 - rows.flatMap(membersOf).length });
  });
});

describe('a group of an edited report', () => {
  it('with tens of thousands of members that are no PCI devices is drawn without comparing each with each', () => {
    const others = Array.from({ length: 50_000 }, (_, at) => ({ group: '12', name: `platform${at}` }));
    const members = pciMembers(aPciMachine({ inventory: { iommu: { instances: ['dmar0'], groups: 1, others } } }));
    const rows = allRows(members);
    expect(rows.at(-1)).toEqual({ kind: 'more', count: 50_003 - rows.flatMap(membersOf).length });
  });
});

describe('the way to what goes to a VM', () => {
  it('has the bridges above it and all that shares its group', () => {
    const devices = [PORT, CARD, SOUND, DRIVE, aFunction('0000:00:1f.0', { iommuGroup: '9' })];
    expect(lines(passedRows(pciMembers(aPciMachine({ devices, others: [beside(false)] }))))).toEqual([
      'Root bus 0000:00',
      '  0000:00:01.0',
      '    0000:01:00.0',
      '    0000:01:00.1',
      'Root bus 0000:02',
      '  0000:02:00.0',
    ]);
  });

  it('is nothing where nothing goes', () => {
    const machine = { ...aPciMachine(), passthrough: { devices: [], groups: [], others: [] } };
    expect(passedRows(pciMembers(machine))).toEqual([]);
  });

  it('has of a group with hundreds of members the GPU and the intruders first', () => {
    const harmless = Array.from({ length: 400 }, (_, at) => aFunction(`0000:00:${at}.0`, { iommuGroup: '12' }));
    const others = [...harmless.map(({ address }) => beside(true, address, null)), beside(false)];
    const rows = passedRows(pciMembers(aPciMachine({ devices: [...harmless, PORT, CARD, SOUND, DRIVE], others })));
    const drawn = rows.flatMap(membersOf);
    expect(drawn.filter(({ role }) => role === 'gpu' || role === 'intruder').map(({ name }) => name)).toEqual([
      CARD.address,
      DRIVE.address,
    ]);
    expect(rows.at(-1)).toEqual({ kind: 'more', count: 404 - 1 - (drawn.length - 1) });
  });
});
