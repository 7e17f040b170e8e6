/** What `-device` or `-object` of QEMU is given. */
export interface QemuOption {
  /** `keys`: `ivshmem-plain,id=shmem0`; `json`: the same as an object, whose values have types. */
  readonly syntax: 'keys' | 'json';
  /** `ivshmem-plain` of a device, `memory-backend-file` of an object; null when it is not said. */
  readonly kind: string | null;
  readonly values: ReadonlyMap<string, string | number | boolean>;
}

/** Longer arguments are not looked at. */
const LONGEST = 4096;

/**
 * Reads an option in either syntax: `driver,key=value` where `,,` is a comma, or JSON, which QEMU takes with either kind of
 * quotes. Null when it is neither, or too long. https://www.qemu.org/docs/master/system/invocation.html
 */
export function parseQemuOption(text: string): QemuOption | null {
  const trimmed = text.trim();
  if (trimmed === '' || text.length > LONGEST) return null;
  return trimmed.startsWith('{') ? parseJsonOption(trimmed) : parseKeys(trimmed);
}

function parseKeys(text: string): QemuOption {
  const values = new Map<string, string | number | boolean>();
  let implied: string | null = null;
  for (const [index, word] of text.replaceAll(',,', '\0').split(',').entries()) {
    const plain = word.replaceAll('\0', ',');
    const at = plain.indexOf('=');
    if (at > 0) values.set(plain.slice(0, at).trim(), plain.slice(at + 1).trim());
    else if (index === 0) implied = plain;
    // A switch alone is on: `share`, and off as `noshare`.
    else if (plain !== '') values.set(plain, 'on');
  }
  return { syntax: 'keys', kind: implied ?? kindIn(values), values };
}

function parseJsonOption(text: string): QemuOption | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(withDoubleQuotes(text));
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const values = new Map<string, string | number | boolean>();
  for (const [name, value] of Object.entries(parsed) as [string, unknown][])
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values.set(name, value);
  return { syntax: 'json', kind: kindIn(values), values };
}

function withDoubleQuotes(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/g, (whole: string, inner: string | undefined) =>
    inner === undefined ? whole : `"${inner.replaceAll(String.raw`\'`, "'").replaceAll('"', String.raw`\"`)}"`,
  );
}

function kindIn(values: ReadonlyMap<string, string | number | boolean>): string | null {
  const kind = values.get('driver') ?? values.get('qom-type');
  return typeof kind === 'string' ? kind : null;
}

/** A value as text; null when it is not there. */
export function optionText({ values }: QemuOption, name: string): string | null {
  const value = values.get(name);
  return value === undefined ? null : String(value);
}

/** Is a switch on? QEMU takes `on`, `yes`, `true` and `y`. */
export function isOn(value: string | number | boolean | undefined): boolean {
  return value === true || (typeof value === 'string' && /^(?:on|yes|true|y)$/i.test(value));
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
  e: 1024 ** 6,
};

/** Bytes of a size as QEMU writes it: `33554432`, `32M`; null when it is none. */
export function qemuSizeBytes(text: string | null): number | null {
  const match = /^(\d{1,15})([bkmgtpe]?)$/i.exec(text ?? '');
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
}
