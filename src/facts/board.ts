import { defineFact } from './fact.ts';
import { readAttribute, valueOrNull } from './read.ts';

/** Mainboard and firmware, for people; it decides nothing. Serial numbers and UUIDs are never read. */
export interface Board {
  readonly vendor: string | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly systemVendor: string | null;
  readonly systemName: string | null;
  readonly firmwareVendor: string | null;
  readonly firmwareVersion: string | null;
  /** As the firmware writes it: `08/20/2025`. */
  readonly firmwareDate: string | null;
  /** Number of SMBIOS chassis types: 3 desktop, 10 notebook, 17 and 23 servers. */
  readonly chassisType: number | null;
}

export const DMI_FOLDER = '/sys/class/dmi/id';

/** The world-readable strings of SMBIOS. https://docs.kernel.org/admin-guide/abi-testing.html (sysfs-class-dmi) */
export const board = defineFact({
  id: 'board',
  collect(host): Board {
    const text = (name: string): string | null => meaningful(valueOrNull(readAttribute(host, `${DMI_FOLDER}/${name}`)));
    return {
      vendor: text('board_vendor'),
      name: text('board_name'),
      version: text('board_version'),
      systemVendor: text('sys_vendor'),
      systemName: text('product_name'),
      firmwareVendor: text('bios_vendor'),
      firmwareVersion: text('bios_version'),
      firmwareDate: text('bios_date'),
      chassisType: chassis(text('chassis_type')),
    };
  },
});

/** What board makers leave in fields that they did not fill. */
const PLACEHOLDER =
  /^(?:|to be filled by o\.?e\.?m\.?|default string|system (?:manufacturer|product name|version)|not (?:applicable|specified)|n\/a|none|x\.x|0+|o\.?e\.?m\.?)$/i;

/** Null for the placeholders of board makers. */
export function meaningful(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  return PLACEHOLDER.test(trimmed) ? null : trimmed;
}

function chassis(text: string | null): number | null {
  return text !== null && /^\d{1,3}$/.test(text) ? Number(text) : null;
}
