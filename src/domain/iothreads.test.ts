import { expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { iothreadIds } from './iothreads.ts';

// What libvirt 9.0 makes of each of them.
it.each([
  ['', []],
  ['<iothreads>2</iothreads>', [1, 2]],
  ['<iothreads>0</iothreads>', []],
  ["<iothreadids><iothread id='2'/><iothread id='4'/></iothreadids>", [2, 4]],
  ["<iothreads>3</iothreads><iothreadids><iothread id='2'/><iothread id='4'/></iothreadids>", [1, 2, 4]],
  ["<iothreads>1</iothreads><iothreadids><iothread id='2'/><iothread id='4'/></iothreadids>", [2, 4]],
  ["<iothreads>many</iothreads><iothreadids><iothread id='0'/></iothreadids>", []],
])('numbers the I/O threads of %s', (body, ids) => expect(iothreadIds(aDocument(aDefinition({ body })))).toEqual(ids));

it('looks at no more than a bounded number', () => {
  expect(iothreadIds(aDocument(aDefinition({ body: '<iothreads>4000000000</iothreads>' })))).toHaveLength(1024);
});
