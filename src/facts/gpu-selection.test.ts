import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDomain, anAudioFunction, aPciDevice } from '../../test/facts.ts';
import { ABSENT, ok, unreadable } from '../host/reading.ts';
import type { DefinedDomain } from './domains.ts';
import { type SelectionInput, selectGpus } from './gpu-selection.ts';
import type { PciDevice } from './pci-devices.ts';
import { parseVfioPciIds } from './vfio-pci-ids.ts';

const NONE = { gpu: [], ids: [], vms: [] };

function choose(devices: readonly PciDevice[], given: Partial<SelectionInput> = {}): ReturnType<typeof selectGpus> {
  return selectGpus({ devices, config: NONE, domains: [], ids: [], unseen: [], ...given });
}

function domain(name: string, addresses: readonly string[], managed = true): DefinedDomain {
  return { definition: aDomain({ name, pciDevices: addresses.map((address) => ({ address, managed })) }), state: 'shut off' };
}

const named = (text: string): ReturnType<typeof parseVfioPciIds> => parseVfioPciIds(text, '/proc/cmdline');

const integrated = aPciDevice({
  address: '0000:00:02.0',
  vendor: '8086',
  device: 'a780',
  driver: ok('i915'),
  bootVga: ok(true),
  upstream: [],
});
const idle = aPciDevice({ driver: ABSENT });
const idleAudio = anAudioFunction({ driver: ABSENT });
const second = aPciDevice({ address: '0000:02:00.0', driver: ABSENT });
const secondAudio = anAudioFunction({ address: '0000:02:00.1', driver: ABSENT });
const management = aPciDevice({ address: '0000:04:00.0', vendor: '1a03', device: '2000', driver: ok('ast'), bootVga: ok(true) });

describe('without any hint', () => {
  it('takes the only display that is not the boot display, with its whole slot', () => {
    expect(choose([integrated, idle, idleAudio])).toMatchObject({
      gpus: [{ address: '0000:01:00.0', functions: [{ address: '0000:01:00.0' }, { address: '0000:01:00.1' }], domains: [] }],
      basis: 'only-candidate',
      devices: ['0000:01:00.0', '0000:01:00.1'],
      problems: [],
      unseen: [],
    });
  });

  it('takes the boot display of a host that has no other', () => {
    const only = aPciDevice({ driver: ok('amdgpu'), bootVga: ok(true) });
    expect(choose([only])).toMatchObject({ gpus: [{ address: '0000:01:00.0' }], basis: 'only-candidate' });
  });

  it('takes the card that shows the desktop, not the idle graphics of the processor', () => {
    const card = aPciDevice({ driver: ok('nvidia'), bootVga: ok(true) });
    const dark = { ...integrated, bootVga: ok(false) };
    expect(choose([dark, card, idleAudio])).toMatchObject({
      gpus: [{ address: '0000:01:00.0', reasons: ['the only graphics card'] }],
      candidates: ['0000:01:00.0'],
    });
  });

  it('takes the second card, not the idle graphics of the processor', () => {
    const card = aPciDevice({ driver: ok('nvidia'), bootVga: ok(true) });
    const dark = { ...integrated, bootVga: ok(false) };
    expect(choose([dark, card, second, secondAudio])).toMatchObject({
      gpus: [{ address: '0000:02:00.0', reasons: ['the only graphics card that is not the boot display'] }],
    });
  });

  it('lists two cards besides the boot display and takes none', () => {
    expect(choose([integrated, idle, second])).toMatchObject({ gpus: [], basis: null, candidates: ['0000:01:00.0', '0000:02:00.0'] });
  });

  it('takes none where no display is the boot display and there are two', () => {
    expect(choose([idle, second])).toMatchObject({ gpus: [], candidates: ['0000:01:00.0', '0000:02:00.0'] });
  });

  it('takes none on a machine without a display', () => {
    expect(choose([])).toMatchObject({ gpus: [], basis: null, candidates: [] });
  });

  it('does not take the display of a management controller for a GPU', () => {
    expect(choose([management, idle])).toMatchObject({ gpus: [{ address: '0000:01:00.0' }] });
    expect(choose([management])).toMatchObject({ gpus: [], candidates: [] });
  });

  it('takes a card that is a 3D controller, which has no boot_vga', () => {
    const card = aPciDevice({ classCode: '030200', device: '2335', driver: ok('nvidia'), bootVga: ABSENT });
    expect(choose([integrated, card])).toMatchObject({ gpus: [{ address: '0000:01:00.0' }] });
  });

  it('takes an accelerator on a card, and not the neural unit of the processor', () => {
    const card = aPciDevice({ classCode: '120000', vendor: '1002', device: '74a1', driver: ABSENT, bootVga: ABSENT });
    const neural = aPciDevice({
      address: '0000:00:0b.0',
      driver: ABSENT,
      classCode: '120000',
      vendor: '8086',
      device: '7d1d',
      upstream: [],
    });
    expect(choose([integrated, neural, card])).toMatchObject({ gpus: [{ address: '0000:01:00.0' }] });
  });

  it('counts a card with two display functions once', () => {
    const secondary = aPciDevice({ address: '0000:01:00.1', classCode: '038000', driver: ABSENT, bootVga: ABSENT });
    expect(choose([integrated, idle, secondary]).gpus).toHaveLength(1);
  });

  it('ignores virtual functions', () => {
    const virtual = aPciDevice({ address: '0000:01:02.0', driver: ABSENT, physicalFunction: '0000:01:00.0' });
    expect(choose([integrated, idle, virtual])).toMatchObject({
      gpus: [{ address: '0000:01:00.0', functions: [{ address: '0000:01:00.0' }] }],
    });
  });

  it('says that it could not see which display is the boot display', () => {
    const hidden = aPciDevice({ bootVga: unreadable('not-recorded', 'not recorded'), driver: ABSENT });
    const other = aPciDevice({ address: '0000:02:00.0', bootVga: ok(false), driver: ABSENT });
    expect(choose([hidden, other])).toMatchObject({ gpus: [], unseen: ['/sys/bus/pci/devices/0000:01:00.0/boot_vga'] });
  });

  it('needs no boot_vga of the others once the boot display is known', () => {
    const hidden = aPciDevice({ bootVga: unreadable('not-recorded', 'not recorded'), driver: ABSENT });
    expect(choose([integrated, hidden])).toMatchObject({ gpus: [{ address: '0000:01:00.0' }], unseen: [] });
  });
});

describe('by what the host says', () => {
  it('takes the card on vfio-pci among identical ones', () => {
    const bound = { ...second, driver: ok('vfio-pci') };
    expect(choose([integrated, idle, bound, secondAudio])).toMatchObject({
      gpus: [{ address: '0000:02:00.0', reasons: ['bound to vfio-pci'] }],
      basis: 'bound',
      source: '/sys/bus/pci/devices/0000:02:00.0/driver',
    });
  });

  it('takes every card on vfio-pci', () => {
    const bound = [idle, second].map((device) => ({ ...device, driver: ok('vfio-pci') }));
    expect(choose([integrated, ...bound]).gpus.map(({ address }) => address)).toEqual(['0000:01:00.0', '0000:02:00.0']);
  });

  it('takes a driver of the vfio family for vfio-pci', () => {
    expect(choose([integrated, { ...idle, driver: ok('nvgrace-gpu-vfio-pci') }, second])).toMatchObject({ basis: 'bound' });
  });

  it('takes the assigned card although another driver holds it', () => {
    const held = { ...idle, driver: ok('nvidia') };
    expect(choose([integrated, held, idleAudio, second], { domains: [domain('win11', ['0000:01:00.0', '0000:01:00.1'])] })).toMatchObject({
      gpus: [{ address: '0000:01:00.0', domains: ['win11'], isManaged: true }],
      basis: 'assigned',
      source: 'virsh dumpxml win11',
    });
  });

  it('shows a card on vfio-pci beside another one that is assigned', () => {
    const bound = { ...second, driver: ok('vfio-pci') };
    const { gpus, basis } = choose([integrated, idle, bound], { domains: [domain('win11', ['0000:01:00.0'])] });
    expect(basis).toBe('assigned');
    expect(gpus).toMatchObject([
      { address: '0000:01:00.0', reasons: ['assigned to win11'] },
      { address: '0000:02:00.0', reasons: ['bound to vfio-pci'] },
    ]);
  });

  it('is not managed when one function is assigned without managed=yes', () => {
    const mixed: DefinedDomain = {
      definition: aDomain({
        pciDevices: [
          { address: '0000:01:00.0', managed: true },
          { address: '0000:01:00.1', managed: false },
        ],
      }),
      state: 'shut off',
    };
    expect(choose([integrated, idle, idleAudio], { domains: [mixed] }).gpus).toMatchObject([{ isManaged: false }]);
  });

  it('looks only at the domains of passcheck.yaml when it names some', () => {
    const domains = [domain('old', ['0000:02:00.0']), domain('win11', ['0000:01:00.0'])];
    const { gpus } = choose([integrated, idle, second], { domains, config: { ...NONE, vms: ['win11'] } });
    expect(gpus.map(({ address }) => address)).toEqual(['0000:01:00.0']);
  });

  it('passes what else the domain is given', () => {
    const usb = aPciDevice({ address: '0000:05:00.0', classCode: '0c0330', bootVga: ABSENT });
    const { devices } = choose([integrated, idle, idleAudio, usb], { domains: [domain('win11', ['0000:01:00.0', '0000:05:00.0'])] });
    expect(devices).toEqual(['0000:01:00.0', '0000:01:00.1', '0000:05:00.0']);
  });

  it('reports a device of the domain that is not there', () => {
    const { problems } = choose([integrated, second], { domains: [domain('win11', ['0000:01:00.0'])] });
    expect(problems).toEqual(['win11 is given 0000:01:00.0, and there is no such device']);
  });

  it('does not report what another domain misses', () => {
    const domains = [domain('old', ['0000:09:00.0']), domain('win11', ['0000:01:00.0'])];
    expect(choose([integrated, idle], { domains }).problems).toEqual([]);
  });

  it('takes the card that vfio-pci.ids names', () => {
    const other = { ...second, device: '2204' };
    expect(choose([integrated, idle, other], { ids: named('10de:2684,10de:22ba') })).toMatchObject({
      gpus: [{ address: '0000:01:00.0' }],
      basis: 'named',
      source: '/proc/cmdline',
    });
  });

  it('takes none of two identical cards that one id names', () => {
    expect(choose([integrated, idle, second], { ids: named('10de:2684') })).toMatchObject({
      gpus: [],
      candidates: ['0000:01:00.0', '0000:02:00.0'],
      source: '/proc/cmdline',
    });
  });

  it('takes of two identical cards that one id names the one on vfio-pci', () => {
    const held = { ...idle, driver: ok('nvidia') };
    const bound = { ...second, driver: ok('vfio-pci') };
    expect(choose([integrated, held, bound], { ids: named('10de:2684') }).gpus.map(({ address }) => address)).toEqual(['0000:02:00.0']);
  });

  it('does not take the host card whose HDMI audio has the same id', () => {
    const host = aPciDevice({ address: '0000:03:00.0', vendor: '1002', device: '67df', driver: ok('amdgpu'), bootVga: ok(true) });
    const hostAudio = anAudioFunction({ address: '0000:03:00.1', vendor: '1002', device: 'aaf0', driver: ok('vfio-pci') });
    const guest = aPciDevice({ vendor: '1002', device: '6fdf' });
    const guestAudio = anAudioFunction({ vendor: '1002', device: 'aaf0' });
    const { gpus } = choose([guest, guestAudio, host, hostAudio], { ids: named('1002:6fdf,1002:aaf0') });
    expect(gpus.map(({ address }) => address)).toEqual(['0000:01:00.0']);
  });

  it('takes the card with a driver_override', () => {
    expect(choose([integrated, { ...idle, driverOverride: ok('vfio-pci') }, second])).toMatchObject({ basis: 'named' });
  });

  it('says that it could not see the driver of a card', () => {
    const hidden = { ...idle, driver: unreadable('not-recorded', 'not recorded') };
    expect(choose([integrated, hidden]).unseen).toEqual(['/sys/bus/pci/devices/0000:01:00.0/driver']);
  });

  it('passes a virtual function that is assigned, alone', () => {
    const physical = aPciDevice({ driver: ok('i915') });
    const virtual = aPciDevice({ address: '0000:01:00.1', physicalFunction: '0000:01:00.0' });
    const { devices } = choose([integrated, physical, virtual], { domains: [domain('win11', ['0000:01:00.1'])] });
    expect(devices).toEqual(['0000:01:00.1']);
  });
});

describe('by passcheck.yaml', () => {
  it('takes the address against everything else', () => {
    const bound = { ...second, driver: ok('vfio-pci') };
    expect(choose([integrated, idle, bound], { config: { ...NONE, gpu: ['0000:01:00.0'] } })).toMatchObject({
      gpus: [{ address: '0000:01:00.0' }],
      basis: 'configured',
      source: 'passcheck.yaml',
    });
  });

  it('takes every card with an id, and accepts the id of its audio function', () => {
    const { gpus, problems } = choose([integrated, idle, idleAudio, second], { config: { ...NONE, ids: ['10de:2684', '10de:22ba'] } });
    expect(gpus.map(({ address }) => address)).toEqual(['0000:01:00.0', '0000:02:00.0']);
    expect(problems).toEqual([]);
  });

  it('reports an address where nothing is, and guesses no other', () => {
    expect(choose([integrated, idle], { config: { ...NONE, gpu: ['0000:0a:00.0'] } })).toMatchObject({
      gpus: [],
      problems: ['passcheck.yaml, gpu: there is no device 0000:0a:00.0'],
    });
  });

  it('reports an address that is no display, and names the GPU that it belongs to', () => {
    expect(choose([integrated, idle, idleAudio], { config: { ...NONE, gpu: ['0000:01:00.1'] } }).problems).toEqual([
      'passcheck.yaml, gpu: 0000:01:00.1 is no display device (class 040300); the GPU that it belongs to is 0000:01:00.0',
    ]);
  });

  it('accepts the display of a management controller when it is asked for', () => {
    expect(choose([management, idle], { config: { ...NONE, gpu: ['0000:04:00.0'] } })).toMatchObject({
      gpus: [{ address: '0000:04:00.0' }],
    });
  });

  it('leaves USB and security of the host out of the slot of AMD graphics', () => {
    const slot = '0000:0c:00';
    const graphics = aPciDevice({ address: `${slot}.0`, vendor: '1002', device: '164e', driver: ok('amdgpu') });
    const audio = anAudioFunction({ address: `${slot}.1`, vendor: '1002', device: '1640' });
    const security = aPciDevice({ address: `${slot}.2`, vendor: '1022', device: '1649', classCode: '108000', bootVga: ABSENT });
    const usb = aPciDevice({ address: `${slot}.3`, vendor: '1022', device: '15b6', classCode: '0c0330', bootVga: ABSENT });
    const { devices } = choose([graphics, audio, security, usb], { config: { ...NONE, gpu: [`${slot}.0`] } });
    expect(devices).toEqual([`${slot}.0`, `${slot}.1`]);
  });
});

const anyDevice = fc.record({
  address: fc.constantFrom('0000:00:02.0', '0000:01:00.0', '0000:01:00.1', '0000:02:00.0', '10000:e1:00.0'),
  classCode: fc.constantFrom('030000', '030200', '038000', '040300', '120000', '0c0330'),
  vendor: fc.constantFrom('10de', '1002', '8086', '1a03'),
  driver: fc.constantFrom(ok('vfio-pci'), ok('nvidia'), ABSENT, unreadable('denied', 'permission denied')),
  bootVga: fc.constantFrom(ok(true), ok(false), ABSENT, unreadable('denied', 'permission denied')),
});

describe('on any host', () => {
  it('selects only devices that are there, each slot once, and always says why', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyDevice, { selector: ({ address }) => address }), (given) => {
        const devices = given.map((part) => aPciDevice(part)).toSorted((a, b) => (a.address < b.address ? -1 : 1));
        const { gpus, basis, devices: passed } = choose(devices);
        const known = devices.map(({ address }) => address);
        expect(known).toEqual(expect.arrayContaining([...passed]));
        expect(new Set(gpus.map(({ address }) => address.slice(0, -2))).size).toBe(gpus.length);
        expect(basis === null).toBe(gpus.length === 0);
        expect(gpus.every(({ reasons }) => reasons.length > 0)).toBe(true);
      }),
    );
  });
});
