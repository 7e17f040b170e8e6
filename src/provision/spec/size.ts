/** From the smallest; each is 1024 of the one before it. */
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

const SIZE = /^(\d{1,16})(?:\.(\d{1,3}))? ?([KMGT]iB)$/;
/** Digits behind the point that a size may have. */
const DECIMALS = 3;

/** Bytes of `60 GiB` or `1.5 TiB`, to the nearest byte; null for what is no such size, or more bytes than a number holds exactly. */
export function readSize(text: string): number | null {
  const [, whole = '', fraction = '', unit = ''] = SIZE.exec(text) ?? [];
  if (unit === '') return null;
  const thousandths = BigInt(`${whole}${fraction.padEnd(DECIMALS, '0')}`) * unitBytes(UNITS.findIndex((name) => name === unit));
  const bytes = Number((thousandths + 500n) / 1000n);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Bytes of a size that a spec has, where it was checked. Throws a `RangeError` for anything else. */
export function sizeBytes(text: string): number {
  const bytes = readSize(text);
  if (bytes === null) throw new RangeError(`no size: ${text.slice(0, 40)}`);
  return bytes;
}

/** `8 GiB`, `1.5 GiB`, `1000 bytes`: always exactly these bytes, a whole number that is not negative. */
export function sizeWords(bytes: number): string {
  const thousandths = BigInt(bytes) * 1000n;
  const index = UNITS.findLastIndex((_, unit) => BigInt(bytes) >= unitBytes(unit) && thousandths % unitBytes(unit) === 0n);
  if (index === -1) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return `${Number(thousandths / unitBytes(index)) / 1000} ${UNITS[index]}`;
}

function unitBytes(index: number): bigint {
  return 1024n ** BigInt(index + 1);
}
