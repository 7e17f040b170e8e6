import { evdevInputs } from '../domain/evdev.ts';
import type { Reading } from '../host/reading.ts';
import type { FileStat } from '../host/source.ts';
import { definedDocuments } from './defined-documents.ts';
import { defineFact } from './fact.ts';
import { lintedDomains } from './linted-domains.ts';

/** A keyboard or mouse of the host that a definition takes events from. */
export interface EvdevNode {
  /** Of the device behind its names. */
  readonly stat: Reading<FileStat>;
  /** `/dev/input/event4`: what the names lead to. */
  readonly real: Reading<string>;
}

/** Far more than keyboards fit on a desk: what is beyond it was given to keep passcheck busy. */
const LIMIT = 256;

/**
 * What is at the paths below /dev that definitions name as evdev devices, by the path as written: those of the given
 * definitions, and, so that a snapshot can judge them later, of libvirt's own.
 */
export const evdevNodes = defineFact({
  id: 'evdevNodes',
  needs: { lintedDomains },
  wants: { definedDocuments },
  collect(host, facts): ReadonlyMap<string, EvdevNode> {
    const defined = facts.definedDocuments.ok ? facts.definedDocuments.value.map(({ document }) => document) : [];
    const named = [...facts.lintedDomains.documents, ...defined].flatMap((document) => evdevInputs(document).map(({ path }) => path));
    const paths = [...new Set(named)].filter((path) => path.startsWith('/dev/') && !path.includes('\0'));
    return new Map(paths.slice(0, LIMIT).map((path) => [path, { stat: host.stat(path), real: host.real(path) }]));
  },
});
