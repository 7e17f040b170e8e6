import type { DomainDocument } from '../domain/document.ts';
import { DomainXmlError } from '../domain/xml-error.ts';
import { defineFact, type GivenDefinition } from './fact.ts';

/** A definition that cannot be judged. */
export interface UnreadableDefinition {
  readonly label: string;
  readonly reason: string;
  /** What to do; null when the text is wrong and `line` and `column` say where. */
  readonly hint: string | null;
  /** From 1; null when it is about the whole. */
  readonly position: { readonly line: number; readonly column: number } | null;
  /** libvirt refuses it, too: it was looked at, and it is bad. */
  readonly isWrong: boolean;
}

/** What `passcheck lint` judges. */
export interface LintedDomains {
  readonly documents: readonly DomainDocument[];
  readonly unreadable: readonly UnreadableDefinition[];
  /** Are there facts of a host to judge against? */
  readonly hasHost: boolean;
}

/** The definitions that were given, in the order in which they were given. */
export const lintedDomains = defineFact({
  id: 'lintedDomains',
  hostless: true,
  async collect(host, _facts, { definitions = [] }): Promise<LintedDomains> {
    const documents: DomainDocument[] = [];
    const unreadable: UnreadableDefinition[] = [];
    for (const given of definitions) {
      const read = await readGiven(given);
      if ('reason' in read) unreadable.push(read);
      else documents.push(...read);
    }
    return { documents, unreadable, hasHost: host.kind !== 'none' };
  },
});

async function readGiven(given: GivenDefinition): Promise<readonly DomainDocument[] | UnreadableDefinition> {
  if ('unreadable' in given) return { label: given.label, reason: given.unreadable, hint: given.hint, position: null, isWrong: false };
  const { readDocuments } = await import('../domain/document.ts');
  try {
    return readDocuments(given);
  } catch (error) {
    if (!(error instanceof DomainXmlError)) throw error;
    const { message, line, column, kind } = error;
    const hint = kind === 'limit' ? 'passcheck does not judge definitions of this size; take out what is not needed' : null;
    return { label: given.label, reason: message, hint, position: { line, column }, isWrong: kind === 'content' };
  }
}
