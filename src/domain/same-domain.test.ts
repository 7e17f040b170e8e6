import { expect, it } from 'vitest';

import { aDomain } from '../../test/facts.ts';
import { isSameDomain } from './same-domain.ts';

const one = { domain: aDomain({ name: 'win11', uuid: 'ABCD' }) };

it.each([
  ['one name', { name: 'win11', uuid: '1234' }, true],
  ['one UUID, in either case', { name: 'win10', uuid: 'abcd' }, true],
  ['neither', { name: 'win10', uuid: '1234' }, false],
  ['no UUID', { name: 'win10', uuid: null }, false],
])('%s', (_what, given, expected) => expect(isSameDomain(one, { domain: aDomain(given) })).toBe(expected));
