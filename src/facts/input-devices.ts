import type { HostSource } from '../host/source.ts';
import { controllerOf } from './disks.ts';
import { defineFact } from './fact.ts';
import { optionalList, readAttribute, valueOrNull } from './read.ts';

/** A keyboard or mouse of the host. Its serial number is left out on purpose. */
export interface InputDevice {
  /** `input5`, its name in /sys/class/input. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'keyboard' | 'mouse';
  /** PCI address of the controller that it hangs on; null for PS/2 and other buses that no PCI device makes. */
  readonly controller: string | null;
}

const FOLDER = '/sys/class/input';
/** Of linux/input-event-codes.h: what a keyboard has, and neither a power button nor a remote control. */
const KEY_A = 30;
const KEY_LEFT_ALT = 56;
const BUTTON_LEFT = 0x110;

/** What a person types and points with on this host, without virtual devices. */
export const inputDevices = defineFact({
  id: 'inputDevices',
  collect: (host): readonly InputDevice[] =>
    optionalList(host, FOLDER)
      .filter((name) => /^input\d{1,6}$/.test(name))
      .flatMap((id) => readDevice(host, id) ?? []),
});

function readDevice(host: HostSource, id: string): InputDevice | null {
  const path = valueOrNull(host.real(`${FOLDER}/${id}`)) ?? '';
  if (path === '' || path.includes('/devices/virtual/')) return null;
  const keys = valueOrNull(readAttribute(host, `${FOLDER}/${id}/capabilities/key`)) ?? '';
  const kind = kindOf(keys);
  if (kind === null) return null;
  return { id, name: valueOrNull(readAttribute(host, `${FOLDER}/${id}/name`)) ?? id, kind, controller: controllerOf(path) };
}

function kindOf(keys: string): InputDevice['kind'] | null {
  if (hasKey(keys, KEY_A) && hasKey(keys, KEY_LEFT_ALT)) return 'keyboard';
  return hasKey(keys, BUTTON_LEFT) ? 'mouse' : null;
}

/** A bitmap as the kernel prints it: words of 64 bits in hex, the highest first, leading words of zero left out. */
export function hasKey(bitmap: string, key: number): boolean {
  const words = bitmap.trim().split(/\s+/).slice(-64).toReversed();
  const word = words[Math.floor(key / 64)] ?? '0';
  return /^[0-9a-f]{1,16}$/i.test(word) && (BigInt(`0x${word}`) & (1n << BigInt(key % 64))) !== 0n;
}
