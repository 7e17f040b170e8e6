/**
 * Bytes of a size with a unit as libvirt reads it: `b`/`bytes`, `KB` is 1000, `k`/`KiB` is 1024, and so on to E, in any
 * case; null when it is no size. `defaultUnit` in bytes counts when there is none.
 * https://libvirt.org/formatdomain.html#memory-allocation
 */
export function scaledBytes(text: string | null, unit: string | null, defaultUnit: number): number | null {
  const digits = /^\s*(\d{1,19})\s*$/.exec(text ?? '')?.[1];
  const scale = unit === null ? defaultUnit : bytesOfUnit(unit);
  return digits === undefined || scale === null ? null : Number(digits) * scale;
}

function bytesOfUnit(unit: string): number | null {
  const name = unit.toLowerCase();
  if (name === 'b' || name === 'bytes') return 1;
  const match = /^([kmgtpe])(b|ib)?$/.exec(name);
  if (match === null) return null;
  const power = 'kmgtpe'.indexOf(match[1] ?? '') + 1;
  return match[2] === 'b' ? 1000 ** power : 1024 ** power;
}

/** A number as libvirt's `virStrToLong` reads it: `0x1f`, `017` (octal) or `31`; null when it is none. */
export function anyBaseNumber(text: string | null): number | null {
  if (text === null) return null;
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return Number.parseInt(text, 16);
  if (/^0[0-7]{1,10}$/.test(text)) return Number.parseInt(text, 8);
  return /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : null;
}
