import type { Domain } from '../domain/model.ts';
import { DomainXmlError } from '../domain/xml-error.ts';
import { domainTexts } from './domain-texts.ts';
import { FactError } from './fact-error.ts';
import { defineFact } from './fact.ts';

export interface DefinedDomain {
  /** The persistent definition: what the next start uses. */
  readonly definition: Domain;
  /** As virsh prints it: `running`, `shut off`, `paused` … */
  readonly state: string;
}

/** The domains that libvirt (the configured connection) knows, sorted by name. Not reachable is an error, none is none. */
export const domains = defineFact({
  id: 'domains',
  needs: { domainTexts },
  /** The XML parser is loaded only where there is XML: most of the time that preflight takes is loading code. */
  async collect(_host, facts): Promise<readonly DefinedDomain[]> {
    if (facts.domainTexts.length === 0) return [];
    const { readDomain } = await import('../domain/read.ts');
    const found = facts.domainTexts.map(({ xml, source, state }) => ({
      state,
      definition: orFactError(source, () => readDomain(xml)),
    }));
    return found.toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  },
});

/** A definition of libvirt that passcheck does not understand is something that it could not look at. */
export function orFactError<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DomainXmlError)) throw error;
    const reason = `line ${error.line}, column ${error.column}: ${error.message}`;
    throw new FactError({ source, reason, hint: 'look at the definition with `virsh edit`', cause: error });
  }
}
