import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';
import { meaningful } from './board.ts';
import { required } from './read.ts';

/** One slot for a memory module. */
export interface MemoryModule {
  /** The slot's name on the board: `DIMM_A2`. */
  readonly slot: string | null;
  readonly bank: string | null;
  /** MiB; null when the slot is empty or its size unknown. */
  readonly sizeMiB: number | null;
  /** `DDR4`, `DDR5` …; null when it is empty or of another kind. */
  readonly type: string | null;
  /** Transfers per second in millions: what the module can do, and what it runs at. */
  readonly speedMTs: number | null;
  readonly configuredSpeedMTs: number | null;
  readonly manufacturer: string | null;
  readonly partNumber: string | null;
  /** The module has bits for error correction: 72 bits in all for 64 of data, say. */
  readonly hasEcc: boolean | null;
}

const PATH = '/sys/firmware/dmi/tables/DMI';

/** The slots for memory modules, empty ones too, as the firmware describes them. Serial numbers are never decoded. */
export const memoryModules = defineFact({
  id: 'memoryModules',
  collect(host): readonly MemoryModule[] {
    const table = required(PATH, host.read(PATH));
    const structures = parseSmbios(table);
    if (structures === null) throw new FactError({ source: PATH, reason: 'no table of SMBIOS structures' });
    return structures.filter(({ type }) => type === MEMORY_DEVICE).map(memoryModule);
  },
});

/** One structure of the table: `bytes` is the formatted part with its header of four bytes. */
export interface SmbiosStructure {
  readonly type: number;
  readonly bytes: DataView;
  readonly strings: readonly string[];
}

const MEMORY_DEVICE = 17;
const END_OF_TABLE = 127;

/**
 * Splits a table into its structures: a header (type, length, handle), the formatted part, then strings that end in a zero
 * each and in a zero together. Stops where the table is cut; null when not even the first structure is whole.
 * https://www.dmtf.org/standards/smbios (DSP0134, 6.1)
 */
export function parseSmbios(table: Uint8Array): SmbiosStructure[] | null {
  const structures: SmbiosStructure[] = [];
  for (let at = 0; at + 4 <= table.length;) {
    const type = table[at] ?? 0;
    const length = table[at + 1] ?? 0;
    const end = stringsEnd(table, at + length);
    if (length < 4 || end === null) break;
    const strings = decoder.decode(table.subarray(at + length, end)).split('\0');
    structures.push({ type, bytes: new DataView(table.buffer, table.byteOffset + at, length), strings });
    if (type === END_OF_TABLE) break;
    at = end + 2;
  }
  return structures.length === 0 ? null : structures;
}

const decoder = new TextDecoder('latin1');

/** Where the double zero behind the strings begins. */
function stringsEnd(table: Uint8Array, from: number): number | null {
  for (let at = from; at + 1 < table.length; at += 1) {
    if (table[at] === 0 && table[at + 1] === 0) return at;
  }
  return null;
}

/** DSP0134, 7.18. Older tables are shorter: what is behind their end is not known. */
function memoryModule({ bytes, strings }: SmbiosStructure): MemoryModule {
  const byte = (offset: number): number | null => (offset < bytes.byteLength ? bytes.getUint8(offset) : null);
  const word = (offset: number): number | null => (offset + 2 <= bytes.byteLength ? bytes.getUint16(offset, true) : null);
  const double = (offset: number): number | null => (offset + 4 <= bytes.byteLength ? bytes.getUint32(offset, true) : null);
  const text = (offset: number): string | null => meaningful(strings[(byte(offset) ?? 0) - 1] ?? null);
  const [totalWidth, dataWidth] = [width(word(0x08)), width(word(0x0a))];
  return {
    slot: text(0x10),
    bank: text(0x11),
    sizeMiB: sizeMiB(word(0x0c), double(0x1c)),
    type: TYPES[byte(0x12) ?? 0] ?? null,
    speedMTs: speed(word(0x15), double(0x54)),
    configuredSpeedMTs: speed(word(0x20), double(0x58)),
    manufacturer: text(0x17),
    partNumber: text(0x1a),
    hasEcc: totalWidth === null || dataWidth === null ? null : totalWidth > dataWidth,
  };
}

const TYPES: Readonly<Record<number, string>> = {
  0x12: 'DDR',
  0x13: 'DDR2',
  0x18: 'DDR3',
  0x1a: 'DDR4',
  0x1b: 'LPDDR',
  0x1c: 'LPDDR2',
  0x1d: 'LPDDR3',
  0x1e: 'LPDDR4',
  0x20: 'HBM',
  0x21: 'HBM2',
  0x22: 'DDR5',
  0x23: 'LPDDR5',
  0x24: 'HBM3',
};

/** 0: empty; 0xffff: unknown; 0x7fff: see the extended field; the top bit set: KiB instead of MiB. */
function sizeMiB(size: number | null, extended: number | null): number | null {
  if (size === null || size === 0 || size === 0xffff) return null;
  if (size === 0x7fff) return extended === null ? null : extended & 0x7fffffff;
  return (size & 0x8000) === 0 ? size : (size & 0x7fff) / 1024;
}

/** 0: unknown; 0xffff: see the extended field. */
function speed(value: number | null, extended: number | null): number | null {
  if (value === null || value === 0) return null;
  if (value !== 0xffff) return value;
  return extended === null || extended === 0 ? null : extended & 0x7fffffff;
}

function width(bits: number | null): number | null {
  return bits === null || bits === 0 || bits === 0xffff ? null : bits;
}
