import type { DomainDocument } from '../domain/document.ts';
import { domainTexts } from './domain-texts.ts';
import { orFactError } from './domains.ts';
import { defineFact } from './fact.ts';

/** A domain of libvirt with its text, and its state as virsh prints it. */
export interface DefinedDocument {
  readonly document: DomainDocument;
  readonly state: string;
}

/** The whole definitions of libvirt's domains, sorted by name: what one domain is judged beside. */
export const definedDocuments = defineFact({
  id: 'definedDocuments',
  needs: { domainTexts },
  async collect(_host, facts): Promise<readonly DefinedDocument[]> {
    if (facts.domainTexts.length === 0) return [];
    const { readDocuments } = await import('../domain/document.ts');
    const found = facts.domainTexts.flatMap(({ xml, source, state }) =>
      orFactError(source, () => readDocuments({ label: '', text: xml, isDefined: true })).map((document) => ({
        document: { ...document, label: document.domain.name },
        state,
      })),
    );
    return found.toSorted((a, b) => (a.document.label < b.document.label ? -1 : 1));
  },
});
