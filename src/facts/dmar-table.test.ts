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
});
