import { describe, expect, it } from 'vitest';

import { wanted } from '../../../test/trees.ts';
import { all, attribute, first, parseXml, textAt } from '../../domain/xml.ts';
import { treeText } from '../tree.ts';
import { aligned, type Explicit } from './aligned.ts';

const NOTHING: Explicit = { uuid: false, nvram: false, macs: [] };
const nic = (mac: string, alias: string | null, source = "network='lab'"): string =>
  `<interface type='network'><mac address='52:54:00:00:00:${mac}'/><source ${source}/>${alias === null ? '' : `<alias name='${alias}'/>`}</interface>`;
const nics = (...cards: readonly string[]): string => `<domain><devices>${cards.join('')}</devices></domain>`;

const os = (content: string, firmware = "firmware='efi'"): string => `<domain><os ${firmware}>${content}</os></domain>`;

function after(desired: string, live: string, explicit: Partial<Explicit> = {}) {
  return parseXml(treeText(aligned(wanted(desired), parseXml(live), { ...NOTHING, ...explicit })));
}

function macs(desired: string, live: string, explicit: readonly boolean[] = []): readonly (string | undefined)[] {
  const cards = all(after(desired, live, { macs: explicit }), 'devices', 'interface');
  return cards.map((card) => attribute(first(card, 'mac'), 'address')?.slice(-2));
}

describe('the identity of what is there', () => {
  it('goes before one that was made up', () => {
    const [desired, live] = ['<domain><uuid>made-up</uuid></domain>', '<domain><uuid>live</uuid></domain>'];
    expect(textAt(after(desired, live), 'uuid')).toBe('live');
    expect(textAt(after(desired, live, { uuid: true }), 'uuid')).toBe('made-up');
  });

  it.each([
    [
      'by the alias',
      nics(nic('01', 'ua-pc-nic-0'), nic('02', 'ua-pc-nic-1')),
      nics(nic('12', 'ua-pc-nic-1'), nic('11', 'ua-pc-nic-0')),
      [],
      ['11', '12'],
    ],
    [
      'by the network, one after the other',
      nics(nic('01', 'ua-pc-nic-0'), nic('02', 'ua-pc-nic-1')),
      nics(nic('11', null), nic('12', null)),
      [],
      ['11', '12'],
    ],
    ['not by another network', nics(nic('01', 'ua-pc-nic-0')), nics(nic('11', null, "network='other'")), [], ['01']],
    [
      'not where the spec gives one',
      nics(nic('01', 'ua-pc-nic-0'), nic('02', 'ua-pc-nic-1')),
      nics(nic('11', 'ua-pc-nic-0'), nic('12', null)),
      [true],
      ['01', '12'],
    ],
    [
      'not from the card that a given one is',
      nics(nic('01', 'ua-pc-nic-0'), nic('02', 'ua-pc-nic-1')),
      nics(nic('01', null), nic('12', null)),
      [true],
      ['01', '12'],
    ],
    ['not from a card of passcheck that is another', nics(nic('01', 'ua-pc-nic-0')), nics(nic('11', 'ua-pc-nic-7')), [], ['01']],
  ])('has MAC addresses %s', (_what, desired, live, explicit, expected) => expect(macs(desired, live, explicit)).toEqual(expected));

  it('has the MAC address of a network', () => {
    const network = after("<network><mac address='52:54:00:00:00:01'/></network>", "<network><mac address='52:54:00:00:00:02'/></network>");
    expect(attribute(first(network, 'mac'), 'address')).toBe('52:54:00:00:00:02');
  });

  it.each([
    ['q35', 'pc-q35-7.2', 'pc-q35-7.2'],
    ['pc-q35-9.0', 'pc-q35-7.2', 'pc-q35-9.0'],
    ['q35', 'pc-i440fx-7.2', 'q35'],
  ])('has the version of a machine %s that is %s', (desired, live, expected) => {
    const [one, other] = [desired, live].map((machine) => os(`<type machine='${machine}'>hvm</type>`));
    expect(attribute(first(after(one ?? '', other ?? ''), 'os', 'type'), 'machine')).toBe(expected);
  });

  it.each([
    ['the file that is there', os('<nvram>/live</nvram>'), {}, '/live'],
    ['the file that libvirt chose by itself, which it does not name', os(''), {}, null],
    ['the file that the spec says', os('<nvram>/live</nvram>'), { nvram: true }, '/new'],
    ['its own file where there was no UEFI', os('', ''), {}, '/new'],
  ])('has for its NVRAM %s', (_what, live, explicit, expected) => {
    expect(textAt(after(os('<nvram>/new</nvram>'), live, explicit), 'os', 'nvram')).toBe(expected);
  });
});
