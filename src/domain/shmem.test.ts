import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { isForLookingGlass, shmems } from './shmem.ts';

const MIB = 1024 * 1024;
const read = (xml: string) => shmems(aDocument(aDefinition({ devices: xml })))[0];

describe('shmems', () => {
  it.each([
    ["<size unit='M'>32</size>", 32 * MIB],
    ["<size unit='MB'>32</size>", 32_000_000],
    ["<size unit='k'>32768</size>", 32 * MIB],
    ['<size>32</size>', 32],
    ["<size unit='M'>0</size>", 4 * MIB],
    ['', 4 * MIB],
    ["<size unit='M'>-32</size>", null],
    ["<size unit='M'>32.5</size>", null],
    ["<size unit='M'>0x20</size>", null],
    ["<size unit='pages'>32</size>", null],
  ])('%s', (size, bytes) => expect(read(`<shmem name='x'>${size}</shmem>`)?.sizeBytes).toBe(bytes));

  it('is of the old model when none is written', () => {
    expect(read("<shmem name='x'/>")?.model).toBe('ivshmem');
    expect(read("<shmem name='x'><model type='ivshmem-plain'/></shmem>")?.model).toBe('ivshmem-plain');
  });

  it('belongs to Looking Glass by its name', () => {
    expect(['looking-glass', 'LookingGlass', 'looking-glass-2', 'scream', ''].map((name) => isForLookingGlass({ name }))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
