import type { DomainDocument } from './document.ts';
import { uuidDigits } from './domain-uuid.ts';

/** libvirt defines no second domain with the name or the UUID of another: such a definition replaces it. */
export function isSameDomain(one: Pick<DomainDocument, 'domain'>, other: Pick<DomainDocument, 'domain'>): boolean {
  const uuid = uuidDigits(one);
  return one.domain.name === other.domain.name || (uuid !== null && uuid === uuidDigits(other));
}
