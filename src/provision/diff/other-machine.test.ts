import { expect, it } from 'vitest';

import { wanted } from '../../../test/trees.ts';
import { parseXml } from '../../domain/xml.ts';
import { otherMachineOf } from './other-machine.ts';

const os = (attributes: string): string => `<domain><os><type ${attributes}>hvm</type></os></domain>`;

it.each([
  ['another version of its board', "arch='x86_64' machine='pc-q35-7.2'", null],
  ['another board', "arch='x86_64' machine='pc-i440fx-7.2'", { desired: 'q35', live: 'pc-i440fx-7.2' }],
  ['another processor', "arch='aarch64' machine='q35'", { desired: 'q35', live: 'q35' }],
  ['none that is said', '', null],
])('a machine that has %s', (_what, live, expected) => {
  expect(otherMachineOf(wanted(os("arch='x86_64' machine='q35'")), parseXml(os(live)))).toEqual(expected);
});
