/**
 * Identifiers in binary files, overwritten in place: lengths and structure stay, so that every parser still reads them.
 * `tell` is given each serial number that was overwritten, because the same serial number can stand in text elsewhere.
 */
export function redactBinary(path: string, bytes: Uint8Array, tell: (serial: string) => void): Uint8Array | undefined {
  if (/^\/sys\/firmware\/dmi\/(?:tables\/DMI|entries\/[^/]+\/raw)$/.test(path)) return redactSmbios(bytes, tell);
  if (/^\/sys\/firmware\/acpi\/tables\/(?:MSDM|SLIC)/.test(path)) return new Uint8Array(bytes.length);
  if (/^\/sys\/(?:bus\/pci|devices)\/.*\/config$/.test(path)) return redactPciConfig(bytes);
  if (path.endsWith('/edid')) return redactEdid(bytes, tell);
  if (/\/vpd(?:_pg8[03])?$/.test(path)) return new Uint8Array(bytes.length);
  return undefined;
}

const ZERO = 0x30;

/** Offsets of the string numbers of serial numbers and asset tags, by structure type. DMTF DSP0134, chapter 7 */
const SERIAL_STRINGS: Readonly<Record<number, readonly number[]>> = {
  1: [0x07],
  2: [0x07, 0x08],
  3: [0x07, 0x08],
  4: [0x20, 0x21],
  17: [0x18, 0x19],
  22: [0x07],
  39: [0x08, 0x09],
};
const SYSTEM_INFORMATION = 1;
/** Free text of the maker, and structures that only the maker understands (network addresses, service tags). */
const OEM_STRINGS = new Set([11, 12]);
const FIRST_OEM_TYPE = 128;

function redactSmbios(table: Uint8Array, tell: (serial: string) => void): Uint8Array {
  const bytes = Uint8Array.from(table);
  for (let at = 0; at + 4 <= bytes.length;) {
    const type = bytes[at] ?? 0;
    const length = bytes[at + 1] ?? 0;
    const strings = at + length;
    const end = endOfStrings(bytes, strings);
    if (length < 4) break;
    if (type >= FIRST_OEM_TYPE) bytes.fill(0, at + 4, Math.min(strings, bytes.length));
    if (type === SYSTEM_INFORMATION && length >= 0x18) bytes.fill(0, at + 0x08, at + 0x18);
    if (type >= FIRST_OEM_TYPE || OEM_STRINGS.has(type)) overwrite(bytes, strings, end);
    for (const offset of SERIAL_STRINGS[type] ?? []) {
      if (offset >= length) continue;
      const place = stringAt(bytes, strings, end, bytes[at + offset] ?? 0);
      if (place !== undefined) overwrite(bytes, place.start, place.end, tell);
    }
    at = end + 2;
  }
  return bytes;
}

/** The position of the two zeros that end the strings of a structure. */
function endOfStrings(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at + 1 < bytes.length && (bytes[at] !== 0 || bytes[at + 1] !== 0)) at++;
  return Math.min(at, bytes.length);
}

/** The place of the n-th string (from 1; 0 is none). */
function stringAt(bytes: Uint8Array, from: number, end: number, number: number): { start: number; end: number } | undefined {
  let start = from;
  for (let index = 1; index <= number && start < end; index++) {
    const zero = bytes.indexOf(0, start);
    const stop = zero === -1 || zero > end ? end : zero;
    if (index === number) return { start, end: stop };
    start = stop + 1;
  }
  return undefined;
}

function overwrite(bytes: Uint8Array, start: number, end: number, tell?: (serial: string) => void): void {
  const stop = Math.min(end, bytes.length);
  tell?.(Buffer.from(bytes.subarray(start, stop)).toString('latin1').trim());
  for (let at = start; at < stop; at++) if (bytes[at] !== 0) bytes[at] = ZERO;
}

const DEVICE_SERIAL_NUMBER = 0x0003;

/** The extended capability "Device Serial Number" holds an EUI-64, for network cards the MAC address. PCIe 5.0, 7.9.3 */
function redactPciConfig(config: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(config);
  const view = new DataView(bytes.buffer);
  const seen = new Set<number>();
  for (let at = 0x100; at >= 0x100 && at + 12 <= bytes.length && !seen.has(at);) {
    seen.add(at);
    const header = view.getUint32(at, true);
    if ((header & 0xffff) === DEVICE_SERIAL_NUMBER) bytes.fill(0, at + 4, at + 12);
    at = (header >>> 20) & 0xffc;
  }
  return bytes;
}

const EDID_BLOCK = 128;
const EDID_SERIAL_TAG = 0xff;

/** The monitor's serial number, as a number and as a text. VESA E-EDID A2, 3.4 and 3.10.3 */
function redactEdid(edid: Uint8Array, tell: (serial: string) => void): Uint8Array {
  const bytes = Uint8Array.from(edid);
  if (bytes.length < EDID_BLOCK) return bytes;
  bytes.fill(0, 12, 16);
  for (let at = 54; at < 126; at += 18) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 3] !== EDID_SERIAL_TAG) continue;
    overwrite(bytes, at + 5, at + 18, tell);
  }
  const sum = bytes.subarray(0, EDID_BLOCK - 1).reduce((total, byte) => total + byte, 0);
  bytes[EDID_BLOCK - 1] = (256 - (sum % 256)) % 256;
  return bytes;
}

/**
 * Paths to boot devices in EFI variables: partition GUIDs (HD), MAC addresses, EUI-64 of NVMe namespaces. Each node begins
 * with type, subtype and length. UEFI 2.10, 10.3
 */
export function redactDevicePaths(variable: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(variable);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const node = `${bytes[at]} ${bytes[at + 1]} ${(bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8)}`;
    const place = DEVICE_PATH_IDS[node];
    if (place !== undefined && at + place[1] <= bytes.length) bytes.fill(0, at + place[0], at + place[1]);
  }
  return bytes;
}

/** `type subtype length` → begin and end of the identifier. */
const DEVICE_PATH_IDS: Readonly<Record<string, readonly [number, number]>> = {
  '4 1 42': [24, 40],
  '3 11 37': [4, 36],
  '3 23 16': [8, 16],
};
