import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { qcow2Header } from '../../test/images.ts';
import { backingPath, HEADER_BYTES, imageFormatOf, parseBackingFile, parseImageFormat } from './image-format.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text.padEnd(HEADER_BYTES, '\0'), 'latin1');

describe('parseImageFormat', () => {
  it.each([
    ['QFI\u00FB\0\0\0\u0003', 'qcow2'],
    ['QFI\u00FB\0\0\0\u0001', 'qcow'],
    ['QED\0', 'qed'],
    ['KDMV', 'vmdk'],
    ['# Disk DescriptorFile\nversion=1', 'vmdk'],
    ['vhdxfile', 'vhdx'],
    ['conectix', 'vpc'],
    [`${'\0'.repeat(64)}\u007F\u0010\u00DA\u00BE`, 'vdi'],
    ['\u00EB\u0063\u0090', 'raw'],
    ['', 'raw'],
  ])('%j: %s', (text, format) => expect(parseImageFormat(bytes(text))).toBe(format));

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (header) => {
        expect(parseImageFormat(header)).not.toBe('');
        expect(parseBackingFile(header)?.length ?? 1).toBeLessThan(1024);
      }),
    );
  });
});

it.each([
  ['qcow2', 'qcow2'],
  ['iso', 'raw'],
  ['luks', null],
])('libvirt’s %s is %s', (word, format) => expect(imageFormatOf(word)).toBe(format));

describe('parseBackingFile', () => {
  it('finds where the name is', () => {
    expect(parseBackingFile(qcow2Header('base.qcow2'))).toEqual({ offset: 512, length: 10 });
    expect(parseBackingFile(qcow2Header())).toBeNull();
    expect(parseBackingFile(bytes('QFI'))).toBeNull();
    expect(parseBackingFile(new Uint8Array(0))).toBeNull();
  });
});

describe('backingPath', () => {
  it.each([
    ['base.qcow2', '/vm/base.qcow2'],
    ['../base.qcow2', '/vm/../base.qcow2'],
    ['/srv/base.qcow2', '/srv/base.qcow2'],
    ['file:base.qcow2', '/vm/base.qcow2'],
    ['nbd://server/export', null],
    ['json:{"driver":"nbd"}', null],
    ['', null],
  ])('%j beside /vm/win.qcow2 is %j', (name, expected) => expect(backingPath('/vm/win.qcow2', name)).toBe(expected));
});
