import type { Replace, SecretKind } from './redact-patterns.ts';

/** Gives every value that was found its pseudonym. Numbers follow the order of the values, so what was sorted stays sorted. */
export function pseudonyms(found: ReadonlyMap<SecretKind, ReadonlySet<string>>): Replace {
  const given = new Map<string, string>();
  for (const [kind, values] of found) {
    const keys = [...new Set([...values].map((value) => identity(kind, value)))].toSorted();
    const width = String(keys.length).length;
    const numbers = new Map(keys.map((key, index) => [key, index + 1]));
    for (const value of values) given.set(`${kind} ${value}`, MAKERS[kind](numbers.get(identity(kind, value)) ?? 0, width, value));
  }
  return (kind, value) => given.get(`${kind} ${value}`) ?? MAKERS[kind](0, 1, value);
}

/** A host is the same with and without its domain. */
function identity(kind: SecretKind, value: string): string {
  return kind === 'host' ? (value.split('.')[0] ?? value) : value;
}

const MAKERS: Readonly<Record<SecretKind, (number: number, width: number, value: string) => string>> = {
  serial: (number, width) => `serial${padded(number, width)}`,
  uuid: (number, _, value) => uuidLike(number, value),
  mac: (number, _, value) => macLike(number, Math.ceil(value.length / 3)),
  ip: (number, _, value) => (value.includes(':') ? `2001:db8::${number.toString(16)}` : `192.0.2.${number % 256}`),
  user: (number, width) => `user${padded(number, width)}`,
  host: (number) => (number === 1 ? 'host' : `host${number}`),
  password: () => 'redacted',
};

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

function uuidLike(number: number, { length }: string): string {
  if (length === 36) return `00000000-0000-4000-8000-${padded(number, 12)}`;
  if (length === 32) return `00000000000040008000${padded(number, 12)}`;
  if (length === 9) return `0000-${padded(number, 4)}`;
  return length === 11 ? `${padded(number, 8)}-01` : padded(number, length);
}

/** Locally administered, so no maker's address. */
function macLike(number: number, groups: number): string {
  const hex = number.toString(16).padStart(groups * 2 - 2, '0');
  return `02:${(hex.match(/../g) ?? []).join(':')}`;
}
