import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { ioThreadsOf, ioThreadsUsed } from './io-threads.ts';
import { first } from './xml.ts';

const threads = (body: string) => ioThreadsOf(aDocument(aDefinition({ body })));
const found = (body: string): number[] => [0, 1, 2, 3, 4, 5, 6, 7].filter((id) => threads(body).has(id));

const used = (driver: string) =>
  ioThreadsUsed(first(aDocument(aDefinition({ devices: `<disk>${driver}</disk>` })).root, 'devices', 'disk', 'driver')).map(({ id }) => id);

describe('ioThreadsOf', () => {
  it.each([
    ['', []],
    ['<iothreads>0</iothreads>', []],
    ['<iothreads>2</iothreads>', [1, 2]],
    ["<iothreadids><iothread id='7'/></iothreadids>", [7]],
    ["<iothreads>2</iothreads><iothreadids><iothread id='7'/></iothreadids>", [1, 7]],
    ["<iothreads>2</iothreads><iothreadids><iothread id='2'/></iothreadids>", [1, 2]],
    ["<iothreads>3</iothreads><iothreadids><iothread id='2'/></iothreadids>", [1, 2, 3]],
    ["<iothreads>1</iothreads><iothreadids><iothread id='2'/><iothread id='5'/></iothreadids>", [2, 5]],
    ['<iothreads>many</iothreads>', []],
    ['<iothreads>-1</iothreads>', []],
    ["<iothreads>3</iothreads><iothreadids><iothread id='2'/><iothread id='4'/></iothreadids>", [1, 2, 4]],
    ["<iothreads>many</iothreads><iothreadids><iothread id='0'/></iothreadids>", []],
  ])('%s: as libvirt numbers them', (body, expected) => {
    expect(found(body)).toEqual(expected);
    expect(threads(body).ids).toEqual(expected);
  });

  it('does not write four thousand million threads down', () => {
    const many = threads('<iothreads>4294967295</iothreads>');
    expect(many.has(4_000_000_000)).toBe(true);
    expect(many.ids).toHaveLength(1024);
  });

  it('takes any number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof threads(`<iothreads>${text.replaceAll(/[<&\]]/g, '')}</iothreads>`).has(1)).toBe('boolean');
      }),
    );
  });
});

describe('ioThreadsUsed', () => {
  it('reads the attribute and the elements', () => {
    expect(used("<driver iothread='2'/>")).toEqual([2]);
    expect(used("<driver><iothreads><iothread id='1'/><iothread id='3'><queue id='0'/></iothread></iothreads></driver>")).toEqual([1, 3]);
    expect(used("<driver iothread='0'/>")).toEqual([null]);
    expect(used("<driver name='qemu'/>")).toEqual([]);
    expect(used('')).toEqual([]);
  });
});
