import { type Guest, guestOf } from './guest.ts';
import { lineStartsOf } from './locate.ts';
import type { Domain } from './model.ts';
import { domainOf } from './read.ts';
import { all, DomainXmlError, parseXml, type XmlElement } from './xml.ts';

/** One domain definition, with the text that it was read from: rules judge it, and fixes edit the text. */
export interface DomainDocument {
  /** How the user calls it: `win11.xml`, `node.xml#win10` for one of several in a file, or the name of a domain of libvirt. */
  readonly label: string;
  /** Whole file, as read; positions of elements count from its beginning. */
  readonly text: string;
  /** Offsets at which its lines begin. */
  readonly lineStarts: readonly number[];
  /** A domain of libvirt is edited with virsh, a file with an editor. */
  readonly isDefined: boolean;
  /** The `<domain>` element. */
  readonly root: XmlElement;
  /** The part of it that host checks judge, too. */
  readonly domain: Domain;
  readonly guest: Guest;
  /** What libvirt's own schema says of the text; null where it was not asked. */
  readonly schema: SchemaVerdict | null;
}

/** The answer of libvirt's `virt-xml-validate`. `complaints` are its lines. */
export type SchemaVerdict =
  | { readonly state: 'valid'; readonly version: string }
  | { readonly state: 'wrong'; readonly version: string; readonly complaints: readonly string[] }
  | { readonly state: 'not-installed' }
  | { readonly state: 'failed'; readonly reason: string };

/** What is read: `guest` says which system runs in it where the definition does not. */
export interface DocumentSource {
  readonly label: string;
  readonly text: string;
  readonly isDefined?: boolean;
  readonly guest?: Guest | undefined;
  readonly schema?: SchemaVerdict;
}

/** Documents that hold domains: libvirt's status file, a snapshot's metadata, the test driver's node. */
const WRAPPERS = ['domstatus', 'domainsnapshot', 'node', 'domains'];

/** Rules compare each with the others, and say something of each: far above what one host has. */
const MOST_DOMAINS = 200;

/**
 * The domain definitions in a text: one `<domain>`, or those inside a wrapper. Throws a {@link DomainXmlError} when it is not
 * well-formed, holds no domain, or goes beyond a limit.
 */
export function readDocuments({ label, text, isDefined = false, guest, schema }: DocumentSource): readonly DomainDocument[] {
  const root = parseXml(text);
  const domains = root.name === 'domain' ? [root] : domainsIn(root);
  if (domains.length === 0) throw new DomainXmlError(`the element is <${root.name.slice(0, 64)}>, not <domain>`, { line: 1, column: 1 });
  if (domains.length > MOST_DOMAINS)
    throw new DomainXmlError(`more than ${MOST_DOMAINS} domains in one text`, { line: 1, column: 1 }, 'limit');
  const lineStarts = lineStartsOf(text);
  return domains.map((element) => {
    const domain = domainOf(element);
    return {
      label: domains.length === 1 ? label : `${label}#${domain.name}`,
      text,
      lineStarts,
      isDefined,
      root: element,
      domain,
      guest: guest ?? guestOf(element),
      schema: schema ?? null,
    };
  });
}

function domainsIn(root: XmlElement): readonly XmlElement[] {
  return WRAPPERS.includes(root.name) ? all(root, 'domain') : [];
}
