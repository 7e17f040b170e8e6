import type { DomainDocument } from './document.ts';

/** What `virUUIDParse` takes: 32 hexadecimal digits, with dashes and blanks between any two pairs. */
const READABLE = /^(?:[- ]*[0-9a-f]{2}){16}$/i;

/** Does libvirt read this as a UUID? https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/util/viruuid.c */
export function isUuid(text: string): boolean {
  return READABLE.test(text);
}

/** The 32 digits of a domain's UUID, in lower case; null without one that libvirt can read. */
export function uuidDigits({ domain }: Pick<DomainDocument, 'domain'>): string | null {
  const { uuid } = domain;
  return uuid !== null && isUuid(uuid) ? uuid.toLowerCase().replaceAll(/[- ]/g, '') : null;
}
