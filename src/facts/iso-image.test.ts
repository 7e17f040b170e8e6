import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isoRanges } from '../../test/iso.ts';
import { memoryHost } from '../host/memory.ts';
import type { Reading } from '../host/reading.ts';
import { type IsoImage, parseIsoDescriptors, parseUdfAnchor, parseUdfSequence, readIsoImage, roleOf } from './iso-image.ts';

function read(ranges: Record<number, string | Uint8Array>, size = 6e9): Reading<IsoImage> {
  return readIsoImage(memoryHost({ stats: { '/x.iso': { size } }, ranges: { '/x.iso': ranges } }), '/x.iso');
}

describe('readIsoImage', () => {
  it('reads label and length of an ISO 9660 image', () => {
    expect(read(isoRanges('virtio-win-0.1.266', { blocks: 1649 }))).toEqual({
      state: 'ok',
      value: { kind: 'iso', label: 'virtio-win-0.1.266', hasUdf: false, declaredBytes: 1649 * 2048 },
    });
  });

  it('takes the longer of the two lengths of an image with UDF', () => {
    const ranges = isoRanges('CCCOMA_X64FRE_EN-US_DV9', { blocks: 300, udfSectors: 2_800_000 });
    expect(read(ranges)).toMatchObject({ value: { hasUdf: true, declaredBytes: 2_800_000 * 2048 } });
  });

  it('an image with UDF alone is one too', () => {
    const { [16 * 2048]: _, [17 * 2048]: __, ...udf } = isoRanges('', { udfSectors: 1000 });
    expect(read(udf)).toMatchObject({ value: { kind: 'iso', label: null, hasUdf: true, declaredBytes: 1000 * 2048 } });
  });

  it('tells a web page from other files that are no image', () => {
    expect(read({ 0: '<!DOCTYPE html><html>' }, 40_000)).toMatchObject({ value: { kind: 'page' } });
    expect(read({ 0: '\n  <html lang="en">' }, 400)).toMatchObject({ value: { kind: 'page' } });
    expect(read({ 0: 'PK\u0003\u0004' })).toMatchObject({ value: { kind: 'other', declaredBytes: null } });
  });

  it('an empty file is nothing', () => expect(read({}, 0)).toMatchObject({ value: { kind: 'other' } }));

  it('a file that is cut off within its descriptors', () => {
    expect(read(isoRanges('WIN11', { blocks: 9 }), 16 * 2048 + 100)).toMatchObject({ value: { kind: 'other' } });
  });

  it('keeps absent and hidden apart', () => {
    expect(readIsoImage(memoryHost({}), '/x.iso')).toEqual({ state: 'absent' });
    const hidden = memoryHost({ files: { '/x.iso': '' }, unreadable: { '/x.iso': 'denied' } });
    expect(readIsoImage(hidden, '/x.iso')).toMatchObject({ state: 'unreadable', reason: 'denied' });
  });
});

describe('parseUdfSequence', () => {
  it('reads labels of 8 and of 16 bits', () => {
    const primary = Buffer.alloc(2048);
    primary.writeUInt16LE(1, 0);
    primary.write('\u0008CCSA_X64FRE', 24, 'latin1');
    primary[55] = 12;
    expect(parseUdfSequence(primary).label).toBe('CCSA_X64FRE');
    primary.fill(0, 24, 56).write('\u0010\0W\0i\0n', 24, 'latin1');
    primary[55] = 7;
    expect(parseUdfSequence(primary).label).toBe('Win');
  });
});

describe('roleOf', () => {
  it.each([
    ['/iso/a.iso', 'CCCOMA_X64FRE_EN-US_DV9', 'windows'],
    ['/iso/a.iso', 'CPBA_A64FRE_DE-DE_DV9', 'windows'],
    ['/iso/a.iso', 'ESD-ISO', 'windows'],
    ['/iso/a.iso', 'virtio-win-0.1.266', 'virtio'],
    ['/iso/Win11_24H2.iso', null, 'windows'],
    ['/iso/virtio-win.iso', null, 'virtio'],
    ['/iso/Win11-but-linux.iso', 'Debian 12.7.0 amd64 n', 'other'],
    ['/iso/debian.iso', null, 'other'],
  ])('%s with label %s: %s', (path, label, role) => expect(roleOf(path, label)).toBe(role));
});

describe('parsers', () => {
  it('take any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000 }), fc.uint8Array({ maxLength: 600 }), (bytes, start) => {
        expect(['iso', 'page', 'other']).toContain(parseIsoDescriptors(start, bytes).kind);
        expect(parseUdfAnchor(bytes) ?? 0).toBeGreaterThanOrEqual(0);
        expect(parseUdfSequence(Buffer.concat([Buffer.from([1, 0]), bytes, Buffer.alloc(2048)]))).toHaveProperty('label');
      }),
    );
  });
});
