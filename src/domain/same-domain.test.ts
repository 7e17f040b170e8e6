import { expect, it } from 'vitest';

import { aDomain } from '../../test/facts.ts';
import { isSameDomain } from './same-domain.ts';

const one = { domain: aDomain({ name: 'win11', uuid: 'ABCD'.repeat(8) }) };

it.each([
  ['one name', { name: 'win11', uuid: '1234'.repeat(8) }, true],
  ['one UUID, in either case', { name: 'win10', uuid: 'abcd'.repeat(8) }, true],
  ['neither', { name: 'win10', uuid: '1234'.repeat(8) }, false],
  ['no UUID', { name: 'win10', uuid: null }, false],
  ['one placeholder', { name: 'win10', uuid: 'CHANGE_ME' }, false],
])('%s', (_what, given, expected) => expect(isSameDomain(one, { domain: aDomain(given) })).toBe(expected));
