import { describe, expect, it } from 'vitest';

import { anyBaseNumber, scaledBytes } from './scale.ts';

describe('scaledBytes', () => {
  it.each([
    ['1', null, 1024],
    ['1', 'b', 1],
    ['1', 'bytes', 1],
    ['1', 'KB', 1000],
    ['1', 'k', 1024],
    ['1', 'KiB', 1024],
    ['2', 'MB', 2_000_000],
    ['2', 'M', 2 * 1024 ** 2],
    ['16', 'GiB', 16 * 1024 ** 3],
    ['16', 'g', 16 * 1024 ** 3],
    ['1', 'TB', 1000 ** 4],
    [' 8388608\n', 'KiB', 8 * 1024 ** 3],
  ])('%j of unit %j is %d bytes', (text, unit, bytes) => {
    expect(scaledBytes(text, unit, 1024)).toBe(bytes);
  });

  it.each([
    ['', 'KiB'],
    ['-1', 'KiB'],
    ['1.5', 'GiB'],
    ['1', 'KiBs'],
    ['1', 'parsec'],
    [null, 'KiB'],
  ])('%j of unit %j is no size', (text, unit) => {
    expect(scaledBytes(text, unit, 1024)).toBeNull();
  });
});

describe('anyBaseNumber', () => {
  it.each([
    ['0x1f', 31],
    ['0X1F', 31],
    ['017', 15],
    ['31', 31],
    ['0', 0],
    ['0x', null],
    ['09', null],
    ['-1', null],
    ['1e3', null],
    [null, null],
  ])('%j is %j', (text, number) => {
    expect(anyBaseNumber(text)).toBe(number);
  });
});
