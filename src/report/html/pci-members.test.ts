import { describe, expect, it } from 'vitest';

import { aFunction, aPciMachine, aPort, beside, CARD, DRIVE, PORT, SOUND } from '../../../test/pci-machines.ts';
import type { Machine } from '../machine.ts';
import { pciMembers } from './pci-members.ts';
import { driverName, groupSentences, mapWords, roleParts } from './pci-words.ts';

const ALL = [PORT, CARD, SOUND, DRIVE];

function rolesIn(machine: Machine): Record<string, string> {
  return Object.fromEntries(pciMembers(machine).members.map((member) => [member.name, roleParts(member).join(', ')]));
}

function sentencesOf(machine: Machine): string[] {
  return groupSentences(pciMembers(machine)).map(({ mark, words }) => `${mark}: ${words}`);
}

function said(inventory: Partial<Machine['inventory']>, devices = [PORT, CARD, SOUND]): string {
  const machine = aPciMachine({ devices, inventory });
  return mapWords(pciMembers(machine), machine.inventory.iommu?.instances ?? []);
}

describe('what something on the map is', () => {
  it('the GPU, its functions and bridges are marked, the rest is not', () => {
    expect(rolesIn(aPciMachine({ devices: [...ALL.slice(0, 3), aFunction('0000:00:1f.0', { iommuGroup: '7' })] }))).toEqual({
      '0000:00:01.0': 'bridge',
      '0000:01:00.0': 'GPU, for win11',
      '0000:01:00.1': 'audio of the GPU, for win11',
      '0000:00:1f.0': '',
    });
  });

  it('a member of the group is what the checks found it to be', () => {
    const port = aPort(PORT.address, { iommuGroup: '12' });
    const devices = [port, CARD, SOUND, DRIVE];
    const role = (mayStay: boolean | null) => rolesIn(aPciMachine({ devices, others: [beside(true, port.address), beside(mayStay)] }));
    expect(role(false)).toMatchObject({ [DRIVE.address]: 'intruder', [port.address]: 'bridge, may stay' });
    expect(role(true)).toMatchObject({ [DRIVE.address]: 'may stay' });
    expect(role(null)).toMatchObject({ [DRIVE.address]: 'could not be told' });
    expect(rolesIn(aPciMachine({ devices }))).toMatchObject({ [DRIVE.address]: 'not judged' });
  });

  it('a function of the GPU that the VM is not given is told so', () => {
    const machine = aPciMachine();
    const vms = machine.vms.map((vm) => ({ ...vm, devices: [CARD.address] }));
    expect(rolesIn({ ...machine, vms })[SOUND.address]).toBe('audio of the GPU, not given to win11');
    expect(rolesIn({ ...machine, vms: [] })[SOUND.address]).toBe('audio of the GPU');
  });

  it('what is in the way of one VM is an intruder though another VM gets it', () => {
    const machine = aPciMachine({ devices: ALL, others: [beside(false)] });
    const both = { ...machine, passthrough: { devices: [CARD.address, DRIVE.address], groups: ['12'], others: [beside(false)] } };
    expect(rolesIn(both)[DRIVE.address]).toBe('intruder');
  });

  it('a bridge that a driver of the host holds is an intruder, too', () => {
    const port = aPort(PORT.address, { iommuGroup: '12', driver: 'shpchp' });
    expect(rolesIn(aPciMachine({ devices: [port, CARD, SOUND], others: [beside(false, port.address)] }))[port.address]).toBe('intruder');
  });

  it('a member that is no PCI device counts as much', () => {
    const iommu = { instances: ['ivhd0'], groups: 2, others: [{ group: '12', name: 'AMDI0010:00' }] };
    const machine = aPciMachine({ inventory: { iommu }, others: [beside(false, 'AMDI0010:00', 'i2c_designware')] });
    expect(rolesIn(machine)['AMDI0010:00']).toBe('intruder');
    expect(sentencesOf(machine)).toEqual([
      'Shared: Group 12 with 0000:01:00.0 (vfio-pci), 0000:01:00.1 (vfio-pci) also holds AMDI0010:00 (i2c_designware), which the host uses',
    ]);
  });

  it('the driver of such a member is known only where it was judged', () => {
    const iommu = { instances: ['ivhd0'], groups: 2, others: [{ group: '12', name: 'AMDI0010:00' }] };
    const drivers = [beside(true, 'AMDI0010:00', null), beside(null, 'AMDI0010:00', null), beside(true, 'other', null)].map((one) => {
      const { members } = pciMembers(aPciMachine({ inventory: { iommu }, others: [one] }));
      return members.filter(({ device }) => device === null).map(driverName);
    });
    expect(drivers).toEqual([['no driver'], ['driver not seen'], ['driver not seen']]);
  });

  it('without a judgement the choice of the GPU still shows', () => {
    const { passthrough: _, ...machine } = aPciMachine({ devices: ALL });
    const likely = {
      ...machine,
      vms: [],
      inventory: { ...machine.inventory, gpus: [{ ...CARD, isPassedThrough: false, isLikely: true }] },
    };
    expect(rolesIn(likely)).toMatchObject({ [CARD.address]: 'likely GPU', [SOUND.address]: 'not judged', [DRIVE.address]: 'not judged' });
  });
});

describe('what is said of the groups', () => {
  it('a group without anything that the host uses is apart, and what may stay is named', () => {
    const port = aPort(PORT.address, { iommuGroup: '12' });
    expect(sentencesOf(aPciMachine({ devices: [port, CARD, SOUND], others: [beside(true, port.address)] }))).toEqual([
      'Apart: Group 12 with 0000:01:00.0 (vfio-pci), 0000:01:00.1 (vfio-pci) holds nothing else that the host uses; 0000:00:01.0 (pcieport) may stay',
    ]);
  });

  it('a driver that could not be seen leaves it open', () => {
    const hidden = { ...DRIVE, driver: null, unknown: ['driver'] };
    expect(sentencesOf(aPciMachine({ devices: [PORT, CARD, hidden], others: [beside(null, DRIVE.address, null)] }))).toEqual([
      'Open: Group 12 with 0000:01:00.0 (vfio-pci) also holds 0000:02:00.0 (driver not seen), of which the driver could not be seen',
    ]);
  });

  it('a group is never called apart that the checks did not judge', () => {
    const { passthrough: _, ...unjudged } = aPciMachine({ devices: [CARD] });
    const unlisted = { ...unjudged, passthrough: { devices: [CARD.address], groups: [], others: [] } };
    const unseen = aPciMachine({ devices: [CARD], inventory: { iommu: null } });
    for (const machine of [unjudged, unlisted, unseen]) {
      expect(sentencesOf(machine)).toEqual(['Open: Group 12 with 0000:01:00.0 (vfio-pci): what shares it could not be looked at']);
    }
  });

  it('what has no group, and what hides it, are two things', () => {
    const sound = { ...SOUND, iommuGroup: null, unknown: ['iommuGroup'] };
    expect(sentencesOf(aPciMachine({ devices: [{ ...CARD, iommuGroup: null }, sound] }))).toEqual([
      'No group: 0000:01:00.0 (vfio-pci): in no IOMMU group',
      'Open: 0000:01:00.1 (vfio-pci): the IOMMU group could not be seen',
    ]);
  });

  it('names of any length and number stay a sentence', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...DRIVE, address: `${'x'.repeat(10_000)}${index}` }));
    const others = many.map(({ address }) => beside(false, address));
    const [sentence = ''] = sentencesOf(aPciMachine({ devices: [CARD, ...many], others }));
    expect(sentence).toContain('and 496 more, which the host uses');
    expect(sentence.length).toBeLessThan(600);
  });
});

describe('whether an IOMMU is in force', () => {
  const none = [PORT, CARD, SOUND].map((one) => ({ ...one, iommuGroup: null }));

  it('is said plainly', () => {
    expect(said({})).toBe('An IOMMU is in force (dmar0). 3 PCI functions in 2 IOMMU groups.');
    expect(said({ iommu: { instances: [], groups: 0, others: [] } }, none)).toBe(
      'No IOMMU is in force: no device of this machine can be passed through. 3 PCI functions, none in an IOMMU group.',
    );
    expect(said({ iommu: { instances: ['dmar0'], groups: 0, others: [] } }, none)).toContain('made no IOMMU group');
    expect(said({ iommu: null })).toBe('Whether an IOMMU is in force could not be seen. 3 PCI functions in 2 IOMMU groups.');
  });

  it('hidden groups are not none', () => {
    const hidden = none.map((one) => ({ ...one, unknown: ['iommuGroup'] }));
    expect(said({}, hidden)).toContain('3 PCI functions; the group of each could not be seen.');
    expect(said({}, [PORT, ...hidden.slice(1)])).toContain(
      '3 PCI functions in 1 IOMMU group; the group of 2 PCI functions could not be seen.',
    );
  });

  it('groups that stand without an IOMMU are no judged groups', () => {
    const machine = aPciMachine({ devices: ALL, inventory: { iommu: { instances: [], groups: 2, others: [] } } });
    expect(sentencesOf(machine)).toEqual([]);
    expect(rolesIn(machine)[DRIVE.address]).toBe('');
  });
});
