import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aRomImage } from '../../test/rom.ts';
import { memoryHost } from '../host/memory.ts';
import { parsePciStructure, readOptionRom } from './option-rom.ts';

const read = (...parts: Uint8Array[]) => readOptionRom(memoryHost({ files: { '/gpu.rom': Buffer.concat(parts) } }), '/gpu.rom');

describe('readOptionRom', () => {
  it('follows the images to the last one', () => {
    const rom = read(aRomImage({ codeType: 0 }), aRomImage({ codeType: 3, isLast: true }));
    expect(rom).toMatchObject({
      state: 'ok',
      value: { kind: 'rom', isComplete: true, images: [{ codeType: 0, vendor: '10de' }, { codeType: 3 }] },
    });
  });

  it('sees a file that ends before its last image', () => {
    expect(read(aRomImage({ codeType: 0 }))).toMatchObject({ value: { kind: 'rom', isComplete: false, images: [{ codeType: 0 }] } });
  });

  it('sees the header that NVIDIA puts before the image', () => {
    expect(read(Buffer.from('NVGI'.padEnd(0x600, '\0')), aRomImage({ isLast: true }))).toMatchObject({ value: { kind: 'header' } });
  });

  it('sees an empty file, and one that is something else', () => {
    expect(read()).toMatchObject({ value: { kind: 'empty' } });
    expect(read(Buffer.from('<!DOCTYPE html>'))).toMatchObject({ value: { kind: 'other' } });
  });

  it('keeps "not there" apart', () => {
    expect(readOptionRom(memoryHost({}), '/gpu.rom')).toEqual({ state: 'absent' });
  });

  it('ends on an image that says it has no length, and after sixteen images', () => {
    expect(read(aRomImage({ blocks: 0 }))).toMatchObject({ value: { isComplete: false, images: [{}] } });
    const many = read(...Array.from({ length: 40 }, () => aRomImage({})));
    expect(many.state === 'ok' ? many.value.images.length : 0).toBe(16);
  });
});

describe('parsePciStructure', () => {
  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void parsePciStructure(bytes)));
  });
});
