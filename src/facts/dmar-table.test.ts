import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseDmarTable } from './dmar-table.ts';

// The table of a virtual machine (QEMU q35 with intel-iommu), as /sys/firmware/acpi/tables/DMAR shows it.
const QEMU = Buffer.from(
  `444d41528800000001d3424f43485320425850432020202001000000425850430100000026010000000000000000000000005800000000000000d9fe00000000` +
    `0308000000ff0000010800000000000001080000000001000108000000000200010800000000030002080000000004000108000000001f000108000000001f020108000000001f03`,
  'hex',
);

describe('parseDmarTable', () => {
  it('reads the flags and counts the units of a real table', () => {
    expect(parseDmarTable(QEMU)).toEqual({ interruptRemapping: true, x2apicOptOut: false, dmaControlOptIn: false, units: 1 });
  });

  it('reads each flag', () => {
    expect(parseDmarTable(QEMU.with(37, 0))).toMatchObject({ interruptRemapping: false, x2apicOptOut: false, dmaControlOptIn: false });
    expect(parseDmarTable(QEMU.with(37, 7))).toMatchObject({ interruptRemapping: true, x2apicOptOut: true, dmaControlOptIn: true });
  });

  it('refuses what is no DMAR table', () => {
    expect(parseDmarTable(QEMU.subarray(0, 47))).toBeNull();
    expect(parseDmarTable(QEMU.with(0, 0))).toBeNull();
  });

  it('takes any bytes, also structures of length zero', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parseDmarTable(Buffer.concat([QEMU.subarray(0, 48), bytes]))).not.toBeNull();
        expect(parseDmarTable(bytes)?.units ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  const corpus = join(process.env['PASSCHECK_CORPUS'] ?? '/nonexistent', 'acpi');
  it.skipIf(!existsSync(corpus))('agrees with the tables that acpidump decoded in PASSCHECK_CORPUS', () => {
    const tables = readdirSync(corpus)
      .filter((name) => name.startsWith('DMAR'))
      .map((name) => readFileSync(join(corpus, name), 'latin1').replaceAll('\r', ''))
      .flatMap((text) => /Raw Table Data: Length \d+ \(0x[0-9A-F]+\)\n\n((?: +[0-9A-F]{3,4}: .*\n)+)/.exec(text) ?? [])
      .filter((text) => !text.startsWith('Raw'));
    const parsed = tables.map((raw) => {
      const hex = [...raw.matchAll(/^ +[0-9A-F]{3,4}: ((?:[0-9A-F]{2} )+)/gm)].map(([, row]) => row ?? '').join('');
      return parseDmarTable(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    });
    expect(parsed.length).toBeGreaterThan(5);
    // Firmware asks for no x2APIC on many machines that remap interrupts well.
    expect(parsed.filter((table) => table?.interruptRemapping === true && table.x2apicOptOut)).not.toHaveLength(0);
    for (const table of parsed) expect(table?.units).toBeGreaterThan(0);
  });
});
