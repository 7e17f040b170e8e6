import { SaxesParser, type SaxesTagNS } from 'saxes';

import { DomainXmlError } from './xml-error.ts';

export { DomainXmlError };

/** An element of a domain definition. Elements of libvirt itself have the namespace ''. Offsets are UTF-16 units of the text. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** Attributes without a namespace. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The comments directly in it. */
  readonly comments: readonly XmlComment[];
  /** The text directly in it, CDATA included. */
  readonly text: string;
  /** Of the `<` of the start tag. */
  readonly start: number;
  /** Behind the `>` of the start tag. */
  readonly contentStart: number;
  /** Of the `<` of the end tag; equal to `end` when the start tag closes itself. */
  readonly contentEnd: number;
  /** Behind the element. */
  readonly end: number;
}

/** A comment, without its marks. */
interface XmlComment {
  readonly text: string;
  /** Behind the comment. */
  readonly end: number;
}

/** Far above any real definition (a domain of 500 devices has 300 kB and a depth of 9). */
export const XML_LIMITS = { characters: 16 * 1024 * 1024, elements: 100_000, depth: 64 } as const;

interface Draft {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Record<string, string>;
  readonly children: Draft[];
  readonly comments: XmlComment[];
  text: string;
  readonly start: number;
  readonly contentStart: number;
  contentEnd: number;
  end: number;
}

/** Parses one XML document strictly: the first error is final, a DOCTYPE is refused, so there are no entities to expand. */
export function parseXml(text: string): XmlElement {
  if (text.length > XML_LIMITS.characters) throw beyond(`larger than ${XML_LIMITS.characters} characters`, { line: 1, column: 1 });
  const parser = new SaxesParser({ xmlns: true });
  const open: Draft[] = [];
  let root: Draft | undefined;
  let count = 0;
  const place = (): { line: number; column: number } => ({ line: parser.line, column: Math.max(1, parser.column) });
  const refuse = (message: string): never => {
    throw new DomainXmlError(message, place());
  };
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', () => refuse('a document type declaration is not allowed'));
  parser.on('opentag', (tag) => {
    count += 1;
    if (count > XML_LIMITS.elements) throw beyond(`more than ${XML_LIMITS.elements} elements`, place());
    if (open.length >= XML_LIMITS.depth) throw beyond(`elements nested deeper than ${XML_LIMITS.depth}`, place());
    const element = draftOf(tag, text, parser.position);
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
  // It comes behind `--`, before the `>`.
  parser.on('comment', (comment) => void open.at(-1)?.comments.push({ text: comment, end: parser.position + 1 }));
  parser.on('closetag', (tag) => {
    const element = open.pop();
    if (element === undefined || tag.isSelfClosing) return;
    element.end = parser.position;
    element.contentEnd = text.lastIndexOf('<', element.end - 1);
  });
  parser.write(text).close();
  return root ?? refuse('there is no element');
}

/** `contentStart` is behind the start tag. */
function draftOf({ local, uri, attributes }: SaxesTagNS, text: string, contentStart: number): Draft {
  // A literal `<` is nowhere within a tag.
  const start = text.lastIndexOf('<', contentStart - 1);
  const ends = { start, contentStart, contentEnd: contentStart, end: contentStart };
  return { name: local, namespace: uri, attributes: plainAttributes(attributes), children: [], comments: [], text: '', ...ends };
}

function beyond(message: string, position: { line: number; column: number }): DomainXmlError {
  return new DomainXmlError(message, position, 'limit');
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
  if (element === undefined) return [];
  if (path.length === 0) return [element];
  const found: XmlElement[] = [];
  collect(element, path, 0, found);
  return found;
}

function collect(element: XmlElement, path: readonly string[], depth: number, found: XmlElement[]): void {
  for (const child of element.children) {
    if (child.name !== path[depth] || child.namespace !== '') continue;
    if (depth === path.length - 1) found.push(child);
    else collect(child, path, depth + 1, found);
  }
}

/** The first of {@link all}. */
export function first(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return element === undefined || path.length === 0 ? element : firstBelow(element, path, 0);
}

function firstBelow(element: XmlElement, path: readonly string[], depth: number): XmlElement | undefined {
  for (const child of element.children) {
    if (child.name !== path[depth] || child.namespace !== '') continue;
    const found = depth === path.length - 1 ? child : firstBelow(child, path, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The text at a path, without blanks around it; null when there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | null {
  const text = first(element, ...path)?.text.trim();
  return text === undefined || text === '' ? null : text;
}

/** An attribute's value; null when it is not there. */
export function attribute(element: Pick<XmlElement, 'attributes'> | undefined, name: string): string | null {
  return element?.attributes[name] ?? null;
}
