import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseImages } from './qemu-img.ts';

/** As qemu-img 7.2 prints it. */
const IMAGE = {
  filename: '/a.two',
  format: 'qcow2',
  'virtual-size': 67_108_864,
  'actual-size': 212_992,
  snapshots: [{ icount: 0, name: 'one', 'date-sec': 1_795_204_419, 'date-nsec': 371_126_000, id: '1', 'vm-state-size': 0 }],
  'format-specific': { type: 'qcow2', data: { compat: '1.1', corrupt: false } },
  'dirty-flag': false,
};

function parsed(image: object): unknown {
  return parseImages(
    JSON.stringify([
      { ...IMAGE, ...image },
      { filename: '/a.qcow2', 'virtual-size': 1 },
    ]),
  );
}

describe('what qemu-img prints of an image', () => {
  it('tells its size, its snapshots and what it is built on', () => {
    const value = {
      virtualBytes: 67_108_864,
      actualBytes: 212_992,
      snapshots: [{ id: '1', tag: 'one', dateSec: 1_795_204_419, dateNsec: 371_126_000 }],
      bases: ['/a.qcow2'],
      faults: [],
    };
    expect(parsed({})).toEqual({ ok: true, value });
  });

  it.each([
    [{ encrypted: true }, 'is encrypted'],
    [{ 'format-specific': { data: { corrupt: true } } }, 'is damaged'],
    [{ 'format-specific': { data: { 'data-file': 'x.raw' } } }, 'in another file'],
    [{ 'format-specific': { data: { bitmaps: [{ name: 'backup' }] } } }, 'bitmaps'],
  ])('tells of %j that a snapshot in it would not be right', (image, words) => {
    expect(parsed(image)).toMatchObject({ ok: true, value: { faults: [expect.stringContaining(words)] } });
  });

  it('is refused when it is something else', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => !parseImages(text).ok));
    expect(parseImages('[]')).toMatchObject({ ok: false });
  });
});
