import type { DomainDocument } from '../../src/domain/document.ts';
import { first } from '../../src/domain/xml.ts';

/** Where a remedy writes something: into a child of the domain, which is to be written, too, where there is none. */
export function into(
  { root }: Pick<DomainDocument, 'root'>,
  name: 'clock' | 'features' | 'pm',
  xml: string,
): { inside: string; write: string } {
  if (first(root, name) !== undefined) return { inside: `<${name}>`, write: xml };
  // Without a clock libvirt has one on UTC.
  const tag = name === 'clock' ? "clock offset='utc'" : name;
  return { inside: '<domain>', write: `<${tag}>${xml}</${name}>` };
}
