import { expect, it } from 'vitest';

import { wanted } from '../../../test/trees.ts';
import { parseXml } from '../../domain/xml.ts';
import { chainOf, overlayOf } from './overlay.ts';

const disk = (source: string, more = '', device = 'disk'): string =>
  `<domain><devices><disk device='${device}'>${source === '' ? '' : `<source ${source}/>`}${more}<target dev='vda'/></disk></devices></domain>`;
const chain = "<backingStore><source file='/b'/><backingStore><source file='/base.qcow2'/><backingStore/></backingStore></backingStore>";

it.each([
  ['the one that is wanted', disk("file='/base.qcow2'"), []],
  ['built on it', disk("file='/a.s1'", chain), [{ target: 'vda', desired: '/base.qcow2', live: '/a.s1', isOverlay: true }]],
  ['another one', disk("file='/a.s1'"), [{ target: 'vda', desired: '/base.qcow2', live: '/a.s1', isOverlay: false }]],
  ['a volume of a pool', disk("pool='p' volume='v'"), [{ target: 'vda', desired: '/base.qcow2', live: 'p/v', isOverlay: false }]],
  ['none', disk(''), [{ target: 'vda', desired: '/base.qcow2', live: null, isOverlay: false }]],
  ['not there at all', '<domain><devices/></domain>', []],
])('the image of a disk is %s', (_what, live, expected) => {
  expect(overlayOf(wanted(disk("file='/base.qcow2'")), parseXml(live))).toEqual(expected);
});

it('what is in a CD drive is no image of a disk', () => {
  expect(overlayOf(wanted(disk("file='/a.iso'", '', 'cdrom')), parseXml(disk("file='/b.iso'", '', 'cdrom')))).toEqual([]);
});

it('a chain that does not end is cut', () => {
  const deep = `${'<backingStore><source file="/a"/>'.repeat(60)}${'</backingStore>'.repeat(60)}`;
  const [root] = parseXml(`<devices><disk>${deep}</disk></devices>`).children;
  expect(root === undefined ? [] : chainOf(root)).toHaveLength(60);
});
