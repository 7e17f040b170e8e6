import type { DomainDocument } from '../domain/document.ts';
import { firmwareDefinition } from '../domain/firmware-definition.ts';
import { all, attribute, first } from '../domain/xml.ts';
import type { Reading } from '../host/reading.ts';
import type { FileStat } from '../host/source.ts';
import { definedDocuments } from './defined-documents.ts';
import { defineFact } from './fact.ts';
import { lintedDomains } from './linted-domains.ts';

/** What is at a path that a definition names. */
export interface DocumentFile {
  readonly stat: Reading<FileStat>;
  /** The path after every link was followed. */
  readonly real: Reading<string>;
}

/** By the path as written. A path that is not in it was not looked at. */
export type DocumentFiles = ReadonlyMap<string, DocumentFile>;

/** A definition names up to five; what is beyond this was given to keep passcheck busy. */
const LIMIT = 4_000;

/**
 * The files that a domain is started from: emulator, firmware, its variables and their template, the TPM of the host. Those of
 * the definitions that were given, and, so that a snapshot can judge them later, of libvirt's own.
 */
export const documentFiles = defineFact({
  id: 'documentFiles',
  needs: { lintedDomains },
  wants: { definedDocuments },
  collect(host, facts): DocumentFiles {
    const defined = facts.definedDocuments.ok ? facts.definedDocuments.value.map(({ document }) => document) : [];
    const paths = new Set([...facts.lintedDomains.documents, ...defined].flatMap(startFiles));
    return new Map([...paths].slice(0, LIMIT).map((path) => [path, { stat: host.stat(path), real: host.real(path) }]));
  },
});

/** The absolute paths that {@link documentFiles} looks at. */
export function startFiles({ root, domain }: Pick<DomainDocument, 'root' | 'domain'>): readonly string[] {
  const { path, nvramPath, template } = firmwareDefinition(root);
  return [domain.emulator, path, nvramPath, template, ...tpmDevices(root)].filter(isPath);
}

function tpmDevices(root: DomainDocument['root']): (string | null)[] {
  return all(root, 'devices', 'tpm')
    .slice(0, 4)
    .filter((tpm) => attribute(first(tpm, 'backend'), 'type') === 'passthrough')
    .map((tpm) => attribute(first(tpm, 'backend', 'device'), 'path') ?? '/dev/tpm0');
}

/** PATH_MAX of Linux: no file has a longer one. */
function isPath(file: string | null): file is string {
  return file?.startsWith('/') === true && file.length <= 4096;
}
