import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { FactError } from './fact-error.ts';
import { memoryModules, parseSmbios } from './memory-modules.ts';

const PATH = '/sys/firmware/dmi/tables/DMI';

/** A structure as DSP0134 lays it out: `fields` from offset 4 on. */
function structure(type: number, length: number, fields: Readonly<Record<number, readonly number[]>>, strings: readonly string[]): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.set([type, length, 0x40, 0x00]);
  for (const [offset, values] of Object.entries(fields)) bytes.set(values, Number(offset));
  return Buffer.concat([bytes, Buffer.from(strings.length === 0 ? '\0\0' : `${strings.join('\0')}\0\0`, 'latin1')]);
}

const END = structure(127, 4, {}, []);
const DDR5 = structure(
  17,
  0x5c,
  {
    0x08: [72, 0],
    0x0a: [64, 0],
    0x0c: [0xff, 0x7f],
    0x10: [1, 2],
    0x12: [0x22],
    0x15: [0xc0, 0x12],
    0x17: [3, 4],
    0x1a: [5],
    0x1c: [0, 0x80, 0, 0],
    0x20: [0xc0, 0x12],
  },
  ['DIMM_A2', 'P0 CHANNEL A', 'G Skill', 'SERIAL-SECRET', 'F5-6000J3038F16G'],
);
const EMPTY = structure(17, 0x22, { 0x10: [1, 0] }, ['DIMM_A1']);

// Structures 16 and 17 and the end of a table that QEMU 7.2 made for a machine of 3 GiB.
const QEMU = 'EBcAEAEDBgAAMAD+/wEAAAAAAAAAAAAAABEoABEAEP7//////wAMCQABAAcCAAAAAgAAAAAAAAAAAAAAAAAAAABESU1NIDAAUUVNVQAAfwQAfwAA';

describe('memoryModules', () => {
  it('decodes the table of a virtual machine', async () => {
    const [module, ...more] = await valueOf(memoryModules, { files: { [PATH]: Buffer.from(QEMU, 'base64') } });
    expect(module).toMatchObject({ slot: 'DIMM 0', sizeMiB: 3072, type: null, manufacturer: 'QEMU', speedMTs: null, hasEcc: null });
    expect(more).toEqual([]);
  });

  it('decodes modules and empty slots, and no serial number', async () => {
    const files = { [PATH]: Buffer.concat([structure(0, 24, {}, ['AMI']), EMPTY, DDR5, END, DDR5]) };
    const modules = await valueOf(memoryModules, { files });
    expect(modules).toEqual([
      expect.objectContaining({ slot: 'DIMM_A1', sizeMiB: null, type: null, hasEcc: null }),
      {
        slot: 'DIMM_A2',
        bank: 'P0 CHANNEL A',
        sizeMiB: 32_768,
        type: 'DDR5',
        speedMTs: 4800,
        configuredSpeedMTs: 4800,
        manufacturer: 'G Skill',
        partNumber: 'F5-6000J3038F16G',
        hasEcc: true,
      },
    ]);
    expect(JSON.stringify(modules)).not.toContain('SECRET');
  });

  it('knows less from the shorter structures of old firmware', async () => {
    const old = structure(17, 0x15, { 0x08: [64, 0, 64, 0, 0, 4], 0x10: [1, 0, 0x13] }, ['J1MY']);
    const [module] = await valueOf(memoryModules, { files: { [PATH]: Buffer.concat([old, END]) } });
    expect(module).toMatchObject({ slot: 'J1MY', sizeMiB: 1024, type: 'DDR2', hasEcc: false, speedMTs: null, partNumber: null });
  });

  it('needs root', async () => {
    const attempt = await collect(memoryModules, { files: { [PATH]: DDR5 }, unreadable: { [PATH]: 'denied' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: PATH, hint: 'run passcheck as root to see it' } });
  });

  it('gives a value or a typed error for any bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.uint8Array({ maxLength: 60 }).map((noise) => Buffer.concat([DDR5, noise, DDR5])),
      fc.nat(DDR5.length).map((length) => DDR5.subarray(0, length)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (table) => {
        const attempt = await collect(memoryModules, { files: { [PATH]: table } });
        expect(attempt.ok || attempt.error instanceof FactError).toBe(true);
      }),
    );
  });
});

describe('parseSmbios', () => {
  it('keeps what comes before the cut of a truncated table', () => {
    expect(parseSmbios(Buffer.concat([EMPTY, DDR5.subarray(0, 50)]))).toHaveLength(1);
  });
  it('says of zeros that they are no table', () => expect(parseSmbios(new Uint8Array(64))).toBeNull());
});
