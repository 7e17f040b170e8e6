import { SaxesParser } from 'saxes';

import { DomainXmlError } from './xml-error.ts';

export { DomainXmlError };

/** An element of a domain definition. Elements of libvirt itself have the namespace ''. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** Attributes without a namespace. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly in it, CDATA included. */
  readonly text: string;
}

/** Far above any real definition (a domain of 500 devices has 300 kB and a depth of 9). */
const LIMITS = { characters: 4 * 1024 * 1024, elements: 100_000, depth: 64 };

interface Draft {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Record<string, string>;
  readonly children: Draft[];
  text: string;
}

/** Parses one XML document strictly: the first error is final, a DOCTYPE is refused, so there are no entities to expand. */
export function parseXml(text: string): XmlElement {
  if (text.length > LIMITS.characters) throw new DomainXmlError(`larger than ${LIMITS.characters} characters`, { line: 1, column: 1 });
  const parser = new SaxesParser({ xmlns: true });
  const open: Draft[] = [];
  let root: Draft | undefined;
  let count = 0;
  const refuse = (message: string): never => {
    throw new DomainXmlError(message, { line: parser.line, column: Math.max(1, parser.column) });
  };
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', () => refuse('a document type declaration is not allowed'));
  parser.on('opentag', (tag) => {
    count += 1;
    if (count > LIMITS.elements) refuse(`more than ${LIMITS.elements} elements`);
    if (open.length >= LIMITS.depth) refuse(`elements nested deeper than ${LIMITS.depth}`);
    const element: Draft = { name: tag.local, namespace: tag.uri, attributes: plainAttributes(tag.attributes), children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const append = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root ?? refuse('there is no element');
}

type Attributes = Readonly<Record<string, { readonly local: string; readonly uri: string; readonly value: string }>>;

/** Without a prototype, so that an attribute `__proto__` is an attribute. */
function plainAttributes(attributes: Attributes): Record<string, string> {
  const plain: Record<string, string> = Object.create(null);
  for (const { local, uri, value } of Object.values(attributes)) if (uri === '') plain[local] = value;
  return plain;
}

/** The elements of libvirt at a path below `element`: `all(domain, 'devices', 'disk')`. */
export function all(element: XmlElement | undefined, ...path: readonly string[]): readonly XmlElement[] {
  let found: readonly XmlElement[] = element === undefined ? [] : [element];
  for (const step of path)
    found = found.flatMap(({ children }) => children.filter((child) => child.name === step && child.namespace === ''));
  return found;
}

/** The first of {@link all}. */
export function first(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return all(element, ...path)[0];
}

/** The text at a path, without blanks around it; null when there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | null {
  const text = first(element, ...path)?.text.trim();
  return text === undefined || text === '' ? null : text;
}

/** An attribute's value; null when it is not there. */
export function attribute(element: XmlElement | undefined, name: string): string | null {
  return element?.attributes[name] ?? null;
}
