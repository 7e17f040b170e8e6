import { el, type Tree } from '../tree.ts';

/** Devices that a spec lists are found again by their names, whatever place libvirt or a person gave them. */
export type AliasKind = 'disk' | 'cd' | 'nic' | 'gpu';

/** libvirt keeps names that begin with `ua-`. `aliasName('nic', 0)` is `ua-pc-nic-0`. */
export function aliasName(kind: AliasKind, index: number): string {
  return `ua-pc-${kind}-${index}`;
}

/** The number in such a name; null for another one. */
export function aliasIndex(kind: AliasKind, name: string): number | null {
  const number = /^ua-pc-([a-z]+)-(0|[1-9]\d{0,3})$/.exec(name);
  return number?.[1] === kind ? Number(number[2]) : null;
}

export function alias(kind: AliasKind, index: number): Tree {
  return el('alias', { name: aliasName(kind, index) });
}
