import { ok, type Reading, unreadable } from '../host/reading.ts';

/** PCI Express capability (id 0x10). Speeds in GT/s, widths in lanes, null when the register holds no known value. */
interface PciExpress {
  readonly portType: PciExpressPortType;
  /** Function level reset: Device Capabilities bit 28. */
  readonly functionLevelReset: boolean;
  readonly maxSpeed: number | null;
  readonly maxWidth: number | null;
  readonly currentSpeed: number | null;
  readonly currentWidth: number | null;
  /** The number that the board gives the slot behind this port; null where no slot is. */
  readonly slot: number | null;
}

export type PciExpressPortType =
  | 'endpoint'
  | 'root-port'
  | 'upstream-port'
  | 'downstream-port'
  | 'pcie-to-pci-bridge'
  | 'pci-to-pcie-bridge'
  | 'integrated-endpoint'
  | 'event-collector'
  | 'unknown';

/** Access Control Services (extended capability 0x0d), bits as in include/uapi/linux/pci_regs.h. */
export interface PciAcs {
  readonly capability: number;
  readonly control: number;
}

/** A window whose size can be changed (extended capability 0x15). Sizes in bytes. */
export interface ResizableBar {
  readonly bar: number;
  readonly sizes: readonly number[];
  readonly current: number;
}

/** The capabilities of a function. */
export interface PciCapabilities {
  /** Ids of the list in the first 256 bytes, in its order. */
  readonly ids: readonly number[];
  /** Null: conventional PCI. */
  readonly express: PciExpress | null;
  /** Function level reset of conventional PCI functions ("Advanced Features"). */
  readonly advancedFeaturesReset: boolean;
  /** Power management: the function keeps its state through D3hot ("no soft reset"); null without the capability. */
  readonly noSoftReset: boolean | null;
  /** Ids of the extended list; empty for conventional PCI. Unreadable where the space ends at 256 bytes though it should not. */
  readonly extendedIds: Reading<readonly number[]>;
  /** Null: has no such capability. */
  readonly acs: Reading<PciAcs | null>;
  readonly resizableBars: Reading<readonly ResizableBar[]>;
}

/** The configuration space of one function. */
export interface PciConfigSpace {
  /** False: every byte reads 0xff, so the function is no longer there for the CPU. */
  readonly responds: boolean;
  /** 0 device, 1 PCI bridge, 2 CardBus bridge; null when it does not respond. */
  readonly headerType: number | null;
  readonly isMultiFunction: boolean;
  /** Unreadable where the kernel showed only the head, as it does to everyone but root. */
  readonly capabilities: Reading<PciCapabilities>;
}

const HEADER = 64;
const STANDARD = 256;
const EXPRESS = 0x10;
const ACS = 0x0d;
const RESIZABLE_BAR = 0x15;
const PORT_TYPES: readonly PciExpressPortType[] = [
  'endpoint',
  'endpoint',
  'unknown',
  'unknown',
  'root-port',
  'upstream-port',
  'downstream-port',
  'pcie-to-pci-bridge',
  'pci-to-pcie-bridge',
  'integrated-endpoint',
  'event-collector',
];
const SPEEDS: readonly (number | null)[] = [null, 2.5, 5, 8, 16, 32, 64];

/** Null when there is not even a whole header. Follows each list at most once through each place. */
export function parsePciConfigSpace(bytes: Uint8Array): PciConfigSpace | null {
  if (bytes.length < HEADER) return null;
  const space = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const responds = bytes.subarray(0, HEADER).some((byte) => byte !== 0xff);
  const type = space.getUint8(0x0e);
  return {
    responds,
    headerType: responds ? type & 0x7f : null,
    isMultiFunction: responds && (type & 0x80) !== 0,
    capabilities: responds ? readCapabilities(space) : unreadable('failed', 'the function does not respond (every byte is 0xff)'),
  };
}

function readCapabilities(space: DataView): Reading<PciCapabilities> {
  // A CardBus bridge shows ordinary users 128 bytes.
  if (space.byteLength < STANDARD) return unreadable('denied', `only root sees more than the first ${space.byteLength} bytes`);
  const standard = standardList(space);
  const express = standard.get(EXPRESS);
  const power = standard.get(0x01);
  const advanced = standard.get(0x13);
  const extended = extendedList(space, express !== undefined);
  return ok({
    ids: [...standard.keys()],
    express: express === undefined ? null : readExpress(space, express),
    advancedFeaturesReset: advanced !== undefined && (byteAt(space, advanced + 3) & 2) !== 0,
    noSoftReset: power === undefined ? null : (wordAt(space, power + 4) & 8) !== 0,
    extendedIds: extended.state === 'ok' ? ok([...extended.value.keys()]) : extended,
    acs: extended.state === 'ok' ? ok(readAcs(space, extended.value.get(ACS))) : extended,
    resizableBars: extended.state === 'ok' ? ok(readResizableBars(space, extended.value.get(RESIZABLE_BAR))) : extended,
  });
}

/** Capability id → offset; of an id that occurs twice, the first. */
function standardList(space: DataView): Map<number, number> {
  const found = new Map<number, number>();
  const hasList = (space.getUint16(0x06, true) & 0x10) !== 0;
  const visited = new Set<number>();
  const first = (space.getUint8(0x0e) & 0x7f) === 2 ? 0x14 : 0x34;
  for (let at = hasList ? space.getUint8(first) & 0xfc : 0; at >= HEADER && !visited.has(at); at = space.getUint8(at + 1) & 0xfc) {
    visited.add(at);
    const id = space.getUint8(at);
    if (id === 0xff) break;
    if (!found.has(id)) found.set(id, at);
  }
  return found;
}

/** A list of 32-bit headers from 0x100 on: id, version, next. */
function extendedList(space: DataView, isExpress: boolean): Reading<Map<number, number>> {
  const found = new Map<number, number>();
  if (space.byteLength < STANDARD + 4) return isExpress ? unreadable('failed', 'the extended part is not there') : ok(found);
  const visited = new Set<number>();
  for (let at = STANDARD; at >= STANDARD && at + 4 <= space.byteLength && !visited.has(at);) {
    visited.add(at);
    const header = space.getUint32(at, true);
    if (header === 0 || header === 0xffff_ffff) break;
    const id = header & 0xffff;
    if (!found.has(id)) found.set(id, at);
    at = (header >>> 20) & 0xffc;
  }
  return ok(found);
}

function readExpress(space: DataView, at: number): PciExpress {
  const flags = wordAt(space, at + 2);
  const linkCapabilities = doubleAt(space, at + 0x0c);
  const linkStatus = wordAt(space, at + 0x12);
  return {
    portType: PORT_TYPES[(flags >> 4) & 0xf] ?? 'unknown',
    functionLevelReset: (doubleAt(space, at + 4) & 0x1000_0000) !== 0,
    maxSpeed: SPEEDS[linkCapabilities & 0xf] ?? null,
    maxWidth: width((linkCapabilities >>> 4) & 0x3f),
    currentSpeed: SPEEDS[linkStatus & 0xf] ?? null,
    currentWidth: width((linkStatus >>> 4) & 0x3f),
    slot: (flags & 0x100) === 0 ? null : doubleAt(space, at + 0x14) >>> 19,
  };
}

function width(lanes: number): number | null {
  return lanes === 0 || lanes > 32 ? null : lanes;
}

function readAcs(space: DataView, at: number | undefined): PciAcs | null {
  return at === undefined ? null : { capability: wordAt(space, at + 4), control: wordAt(space, at + 6) };
}

function readResizableBars(space: DataView, at: number | undefined): ResizableBar[] {
  if (at === undefined) return [];
  const count = Math.min((doubleAt(space, at + 8) >>> 5) & 7, 6);
  return Array.from({ length: count }, (_, index): ResizableBar => {
    const capability = doubleAt(space, at + 4 + index * 8);
    const control = doubleAt(space, at + 8 + index * 8);
    return { bar: control & 7, sizes: supportedSizes(capability, control), current: 2 ** (20 + ((control >>> 8) & 0x3f)) };
  });
}

/** Bits 4 to 31 of the capability stand for 1 MiB to 128 TiB, bits 16 to 31 of the control for more. */
function supportedSizes(capability: number, control: number): number[] {
  const powers = Array.from({ length: 44 }, (_, power) => power);
  return powers
    .filter((power) => (power < 28 ? (capability >>> (power + 4)) & 1 : (control >>> (power - 12)) & 1))
    .map((power) => 2 ** (20 + power));
}

/** A capability at the very end can reach beyond it: what is not there reads 0. */
function byteAt(space: DataView, at: number): number {
  return at + 1 <= space.byteLength ? space.getUint8(at) : 0;
}

function wordAt(space: DataView, at: number): number {
  return at + 2 <= space.byteLength ? space.getUint16(at, true) : 0;
}

function doubleAt(space: DataView, at: number): number {
  return at + 4 <= space.byteLength ? space.getUint32(at, true) : 0;
}
