import { describe, expect, it } from 'vitest';

import { ABSENT, ok, unreadable } from '../../host/reading.ts';
import { desired, domain, file, look, network, remarks, request, uuid, world } from '../../../test/plan-world.ts';
import type { Desired } from '../desired.ts';
import type { HostLook } from '../host-look.ts';
import type { LiveNetwork, World } from '../world.ts';
import type { Action } from './model.ts';
import { type Part, part } from './part.ts';
import { planContext } from './request.ts';
import { requirements } from './requirements.ts';

interface Case {
  readonly spec: Desired;
  readonly look?: Partial<HostLook>;
  readonly world?: Partial<World>;
  /** Those that the plan makes; everything of the spec unless told. */
  readonly touched?: readonly Action['object'][];
}

function judged({ spec, look: host = {}, world: live = {}, touched }: Case): readonly string[] {
  return remarks(judgedPart({ spec, look: host, world: live, ...(touched === undefined ? {} : { touched }) }));
}

function judgedPart({ spec, look: host = {}, world: live = {}, touched }: Case): Part {
  const all = [...spec.networks, ...spec.domains].map(({ kind, name }) => ({ kind, name }));
  const step = { do: 'define-domain', uuid: 'u', xml: '', replaces: null } as const;
  const actions = (touched ?? all).map((object): Action => ({ object, verb: 'create', summary: '', changes: [], step }));
  return requirements(planContext(request({ desired: spec, look: look(host), world: world(live) })), part({ actions }));
}

const HIDDEN = unreadable('denied', 'Permission denied');

const pci = (ids: Record<string, string>) => ({ pciIds: ok(new Map(Object.entries(ids))) });
const subnet = (name: string, first: number, last: number) => ({ subnets: ok([{ interface: name, first, last }]) });

describe('what a VM needs', () => {
  const iso = '/iso/win.iso';
  const withIso = desired({ domains: [domain({ media: [{ name: 'windows', path: iso }] })] });
  const files = (reading: ReturnType<typeof file> | typeof ABSENT | typeof HIDDEN) => ({ files: new Map([[iso, reading]]) });

  it('and the host has, is nothing to speak of', () => {
    expect(judged({ spec: withIso, look: files(file({ image: 'iso' })) })).toEqual([]);
  });

  it.each([
    [ABSENT, 'is not there'],
    [file({ image: 'page' }), 'is an HTML page that a download link led to, no image'],
    [file({ image: 'truncated', bytes: 700 }), 'is shorter (700 bytes) than the image in it says: the download was cut off'],
    [file({ image: 'other' }), 'is no CD or DVD image (neither ISO 9660 nor UDF)'],
    [file({ bytes: 0 }), 'is empty'],
    [file({ kind: 'directory' }), 'is a folder'],
    [file({ kind: 'other' }), 'is no ordinary file'],
  ])('of install media: %j refuses, and is a note where the VM is there already', (reading, words) => {
    expect(judged({ spec: withIso, look: files(reading) })).toEqual([`refused: medium windows: ${iso} ${words}`]);
    expect(judged({ spec: withIso, look: files(reading), touched: [] })).toEqual([`note: medium windows: ${iso} ${words}`]);
  });

  it('of install media, that nobody may look at, is a note', () => {
    expect(judged({ spec: withIso, look: files(HIDDEN) })).toEqual([`note: could not look at ${iso} (Permission denied)`]);
    expect(judged({ spec: withIso })).toEqual([`note: could not look at ${iso} (not asked)`]);
    expect(judged({ spec: withIso, look: files(HIDDEN), touched: [] })).toEqual([]);
  });

  it('is said once for all VMs with the same medium', () => {
    const media = [{ name: 'windows', path: iso }];
    const spec = desired({ domains: [domain({ media }), domain({ name: 'CLIENT01', uuid: uuid(5), media })] });
    const found = judgedPart({ spec, look: files(ABSENT) });
    expect(found.refused).toMatchObject([{ object: null, message: `medium windows: ${iso} is not there (for CLIENT01 and DC01)` }]);
  });

  it.each([
    ['swtpm', { swtpm: ABSENT }, 'refused: swtpm is not installed, which emulates the TPM of a VM'],
    ['swtpm, unseen', { swtpm: HIDDEN }, 'note: could not look for swtpm (Permission denied)'],
    ['firmware', { firmware: ABSENT }, 'refused: there is no UEFI firmware for VMs (OVMF)'],
    ['firmware, of others', { firmware: ok({ uefi: false, secureBoot: false }) }, 'refused: there is no UEFI firmware for VMs (OVMF)'],
    [
      'Secure Boot',
      { firmware: ok({ uefi: true, secureBoot: false }) },
      'refused: the UEFI firmware here has no Secure Boot with keys enrolled',
    ],
    ['firmware, unseen', { firmware: HIDDEN }, 'note: could not look for UEFI firmware (Permission denied)'],
  ] as const)('%s', (_, host, message) => {
    expect(judged({ spec: desired({ domains: [domain()] }), look: host })).toEqual([message]);
  });

  it('is not asked of a VM that has none of it', () => {
    const spec = desired({ domains: [domain({ spec: { tpm: false, firmware: 'bios' } })] });
    expect(judged({ spec, look: { swtpm: ABSENT, firmware: ABSENT } })).toEqual([]);
    const insecure = desired({ domains: [domain({ spec: { secureBoot: false } })] });
    expect(judged({ spec: insecure, look: { firmware: ok({ uefi: true, secureBoot: false }) } })).toEqual([]);
  });

  it('of hugepages is said, since libvirt looks only at the start', () => {
    expect(judged({ spec: desired({ domains: [domain({ spec: { hugepages: true } })] }) })).toEqual([
      'note: starts only when enough hugepages are free',
    ]);
  });
});

describe('devices of the host', () => {
  const gpu = { devices: ['0000:01:00.0', '0000:01:00.1'], ids: ['10de:2684', '10de:22ba'] };
  const spec = desired({ domains: [domain({ spec: { gpu } })] });
  const right = { '0000:01:00.0': '10de:2684', '0000:01:00.1': '10de:22ba' };

  it('are there, and are what is meant', () => {
    expect(judged({ spec, look: pci(right) })).toEqual([]);
  });

  it('are others than meant: refused, and where the meant one is', () => {
    const found = judgedPart({ spec, look: pci({ ...right, '0000:01:00.0': '1002:744c', '0000:02:00.0': '10de:2684' }) });
    expect(found.refused).toMatchObject([
      {
        message: 'the PCI device at 0000:01:00.0 is 1002:744c, not 10de:2684',
        fix: '10de:2684 is at 0000:02:00.0: write that under gpu: devices',
      },
    ]);
  });

  it('are not there: refused', () => {
    expect(judged({ spec, look: pci({ '0000:01:00.0': '10de:2684' }) })).toEqual(['refused: no PCI device is at 0000:01:00.1']);
  });

  it('could not be looked at: a note', () => {
    expect(judged({ spec, look: { pciIds: HIDDEN } })).toEqual([
      'note: could not look which PCI devices this host has (Permission denied)',
    ]);
  });

  it('are held by a VM that runs: a note', () => {
    const users = [{ domain: 'win11', isActive: true, disks: [], hostDevices: ['0000:01:00.1'] }];
    expect(judged({ spec, look: pci(right), world: { users } })).toEqual([
      'note: 0000:01:00.1 belongs to the running VM win11: this one cannot start meanwhile',
    ]);
    expect(judged({ spec, look: pci(right), world: { users: users.map((user) => ({ ...user, isActive: false })) } })).toEqual([]);
  });
});

describe('MAC addresses', () => {
  const mac = '52:54:00:aa:bb:cc';
  const spec = desired({ domains: [domain({ spec: { nics: [{ network: 'n', mac }] }, macs: [mac] })] });
  const other = { domain: 'win11', isActive: false, disks: [] };

  it('of a VM beside the spec are refused', () => {
    expect(judged({ spec, world: { users: [{ ...other, macs: [mac] }] } })).toEqual([
      `refused: the MAC address ${mac} is that of win11, which this spec does not have`,
    ]);
  });

  it('that nobody has, or the VM itself, are fine', () => {
    expect(
      judged({
        spec,
        world: {
          users: [
            { ...other, macs: [] },
            { ...other, domain: 'DC01', macs: [mac] },
          ],
        },
      }),
    ).toEqual([]);
  });

  it('of others were not read: a note, where a person chose one', () => {
    expect(judged({ spec, world: { users: [other] } })).toEqual(['note: could not look at the MAC addresses of 1 other VM']);
    expect(judged({ spec: desired({ domains: [domain()] }), world: { users: [other] } })).toEqual([]);
  });
});

describe('what a network needs', () => {
  const spec = desired({ networks: [network()] });
  const live: LiveNetwork = {
    name: 'lab-net',
    uuid: uuid(1),
    isActive: true,
    autostart: true,
    inactive: "<network><bridge name='virbr56'/></network>",
    live: null,
  };

  it.each([
    ['eth0', 0xc0_a8_38_ff, 0xc0_a8_39_fe, 'its subnet 192.168.56.0/24 is in use by eth0 (192.168.56.255-192.168.57.254)'],
    ['eth0', 0xc0_a8_00_00, 0xc0_a8_ff_ff, 'its subnet 192.168.56.0/24 is in use by eth0 (192.168.0.0/16)'],
  ])('an address that %s has not', (name, first, last, message) => {
    expect(judged({ spec, look: subnet(name, first, last) })).toEqual([`refused: ${message}`]);
  });

  it.each([
    ['below', 0xc0_a8_37_00, 0xc0_a8_37_ff],
    ['above', 0xc0_a8_39_00, 0xc0_a8_39_ff],
  ])('a subnet of the host right %s it is fine', (_, first, last) => {
    expect(judged({ spec, look: subnet('eth0', first, last) })).toEqual([]);
  });

  it('its own bridge is no rival', () => {
    expect(judged({ spec, look: subnet('virbr56', 0xc0_a8_38_00, 0xc0_a8_38_ff), world: { networks: [live] } })).toEqual([]);
    const unnamed = desired({ networks: [network({ bridge: null })] });
    expect(judged({ spec: unnamed, look: subnet('virbr56', 0xc0_a8_38_00, 0xc0_a8_38_ff), world: { networks: [live] } })).toEqual([]);
    const other = desired({ networks: [network({ bridge: 'virbr57' })] });
    expect(judged({ spec: other, look: subnet('virbr56', 0xc0_a8_38_00, 0xc0_a8_38_ff), world: { networks: [live] } })).toEqual([]);
  });

  it('a bridge of its name that somebody else made is refused', () => {
    expect(judged({ spec, look: subnet('virbr56', 1, 2) })).toEqual(['refused: the bridge virbr56 is there already']);
    const networks = [{ ...live, name: 'other', isActive: false }];
    expect(judged({ spec, world: { networks } })).toEqual(['refused: the bridge virbr56 is that of the network other']);
  });

  it('a bridge that a libvirt left behind which died can be taken away', () => {
    const stopped = { networks: [{ ...live, isActive: false }] };
    const { refused } = judgedPart({ spec, look: subnet('virbr56', 1, 2), world: stopped });
    expect(refused).toMatchObject([{ fix: expect.stringMatching(/when it died: ip link delete virbr56$/) }]);
  });

  it('dnsmasq, where it has DHCP', () => {
    expect(judged({ spec, look: { dnsmasq: ABSENT } })).toEqual(['refused: dnsmasq is not installed, which gives VMs their addresses']);
    expect(judged({ spec, look: { dnsmasq: ABSENT }, touched: [] })).toEqual([
      'note: dnsmasq is not installed, which gives VMs their addresses',
    ]);
    expect(judged({ spec: desired({ networks: [network({ hasDhcp: false })] }), look: { dnsmasq: ABSENT } })).toEqual([]);
  });

  it('subnets that nobody could look at are a note', () => {
    expect(judged({ spec, look: { subnets: HIDDEN } })).toEqual(['note: could not look which subnets this host uses (Permission denied)']);
  });
});
