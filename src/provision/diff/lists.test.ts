import { describe, expect, it } from 'vitest';

import { changes, devices } from '../../../test/trees.ts';

const nic = (mac: string, alias: string | null): string =>
  `<interface><mac address='52:54:00:00:00:${mac}'/>${alias === null ? '' : `<alias name='ua-pc-nic-${alias}'/>`}</interface>`;
const aliased = (dev: string, alias: string | null): string =>
  `<disk><target dev='${dev}'/>${alias === null ? '' : `<alias name='ua-pc-disk-${alias}'/>`}</disk>`;

describe('which element stands for which', () => {
  it.each([
    [
      'a disk by its alias, wherever it is',
      aliased('vda', '0'),
      aliased('vda', null) + aliased('vdb', '0'),
      ['disk vdb: target: vdb → vda'],
    ],
    [
      'a disk without an alias by its target',
      aliased('vda', '0'),
      aliased('vdb', null) + aliased('vda', null),
      ['+ disk vda: alias: ua-pc-disk-0'],
    ],
    [
      'a card by its MAC address, so that it keeps its slot',
      nic('02', '0'),
      nic('01', '0') + nic('02', '1'),
      ['interface 52:54:00:00:00:02: alias: ua-pc-nic-1 → ua-pc-nic-0'],
    ],
    [
      'a card by its alias',
      nic('03', '1'),
      nic('01', '0') + nic('02', '1'),
      ['interface 52:54:00:00:00:02: MAC address: 52:54:00:00:00:02 → 52:54:00:00:00:03'],
    ],
    ['shared memory by its name', "<shmem name='b'/>", "<shmem name='a'/>", ['+ shared memory b: ']],
    ['inputs by type and bus', "<input type='mouse' bus='virtio'/>", "<input type='mouse' bus='ps2'/>", ['+ input mouse virtio: ']],
    ['graphics by their type', "<graphics type='vnc'/>", "<graphics type='spice'/>", ['+ graphics vnc: ']],
    ['the first of two alike', "<sound model='ich9'/><sound model='ich9'/>", "<sound model='ich9'/>", ['+ sound: model ich9']],
  ])('%s', (_what, desired, live, expected) => expect(changes(devices(desired), devices(live))).toEqual(expected));
});
