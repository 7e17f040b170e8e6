import { expect, it } from 'vitest';

import { volumeFile } from './volume-file.ts';

it('the file of a volume is the one that is named, else its name and format', () => {
  expect(volumeFile('dc01', { format: 'qcow2' })).toBe('dc01.qcow2');
  expect(volumeFile('dc01', { format: 'raw' })).toBe('dc01.raw');
  expect(volumeFile('dc01', { format: 'qcow2', file: 'disk.img' })).toBe('disk.img');
});
