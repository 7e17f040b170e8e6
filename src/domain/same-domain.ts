import type { DomainDocument } from './document.ts';

/** libvirt defines no second domain with the name or the UUID of another: such a definition replaces it. */
export function isSameDomain(one: Pick<DomainDocument, 'domain'>, other: Pick<DomainDocument, 'domain'>): boolean {
  const { name, uuid } = one.domain;
  return name === other.domain.name || (uuid !== null && uuid.toLowerCase() === other.domain.uuid?.toLowerCase());
}
