import type { DomainDocument } from '../domain/document.ts';
import { lineAt, tagText } from '../domain/locate.ts';
import { attribute, first, parseXml, type XmlElement } from '../domain/xml.ts';

/**
 * What a remedy writes into a definition: inside of an element that it names (`within` where there may be several of that
 * name), or instead of one that is there.
 */
export type XmlChange =
  | { readonly inside: string; readonly within?: XmlElement; readonly write: string }
  | { readonly instead: XmlElement; readonly write: string };

/** A place in words, and what is to be written there. */
interface PlacedXml {
  readonly place: string;
  readonly write: string;
}

/**
 * Where the change is made in this definition: what is there already is changed, not written a second time. Only elements of
 * which there is one, or one of each name (`<timer>`, `<feature>`), count as there.
 */
export function placed(document: DomainDocument, change: XmlChange): readonly PlacedXml[] {
  if ('instead' in change) return [{ place: insteadOf(document, change.instead), write: change.write }];
  const { inside, write } = change;
  const parent = change.within ?? parentNamed(document.root, inside);
  const place = change.within === undefined ? `inside ${inside}` : `inside ${inside}${lineOf(document, change.within)}`;
  if (parent === undefined)
    return [MADE_WITH_IT.has(inside) ? { place: 'inside <domain>', write: wrapped(inside, write) } : { place, write }];
  const wanted = childrenOf(write);
  const there = wanted.flatMap((child) => {
    const found = counterpart(parent, child.element);
    return found === undefined ? [] : [{ child, found }];
  });
  if (there.length === 0) return [{ place, write }];
  const missing = wanted.filter((child) => !there.some((one) => one.child === child)).map(({ text }) => text);
  return [
    ...there.map(({ child, found }) => changed(document, found, child)),
    ...(missing.length === 0 ? [] : [{ place, write: missing.join('\n') }]),
  ];
}

/** Where a remedy writes into one of these that is not there, it is written as well. */
const MADE_WITH_IT = new Set(['<features>', '<memoryBacking>', '<pm>', '<iothreadids>', '<numatune>']);

function wrapped(inside: string, write: string): string {
  const lines = write.includes('\n') ? `\n  ${write.replaceAll('\n', '\n  ')}\n` : write;
  return `${inside}${lines}${inside.replace('<', '</')}`;
}

interface Wanted {
  readonly element: XmlElement;
  readonly text: string;
}

/** The elements of a snippet; none where it is no XML (attributes for a tag). */
function childrenOf(write: string): readonly Wanted[] {
  if (!write.startsWith('<') || write.includes('qemu:')) return [];
  const text = `<snippet>${write}</snippet>`;
  try {
    return parseXml(text).children.map((element) => ({ element, text: text.slice(element.start, element.end) }));
  } catch {
    return [];
  }
}

/** `<domain>`, `<os>`, `<hyperv>`: the elements of which there is one. */
function parentNamed(root: XmlElement, inside: string): XmlElement | undefined {
  const name = /^<(\w+)>$/.exec(inside)?.[1];
  if (name === undefined) return undefined;
  if (name === 'domain') return root;
  return name === 'hyperv' ? first(root, 'features', 'hyperv') : first(root, name);
}

/** Of these a definition has several. */
const ONE_OF_EACH_NAME = new Set(['timer', 'feature']);
/** Of what is in `<devices>` only these are alone. */
const SINGLE_DEVICES = new Set(['emulator', 'memballoon', 'tpm']);
const REPEATED = new Set(['page', 'iothread', 'cell', 'listen']);

function counterpart(parent: XmlElement, wanted: XmlElement): XmlElement | undefined {
  const { name } = wanted;
  if (REPEATED.has(name) || (parent.name === 'devices' && !SINGLE_DEVICES.has(name))) return undefined;
  if (!ONE_OF_EACH_NAME.has(name)) return first(parent, name);
  return parent.children.findLast((child) => child.name === name && attribute(child, 'name') === attribute(wanted, 'name'));
}

/** Attributes alone are set in the tag, so that nobody loses what is in the element. */
function changed(document: DomainDocument, found: XmlElement, { element, text }: Wanted): PlacedXml {
  const isTagOnly = element.children.length === 0 && ['', found.text.trim()].includes(element.text.trim());
  const attributes = Object.entries(element.attributes).filter(([name, value]) => attribute(found, name) !== value);
  if (!isTagOnly || attributes.length === 0) return { place: insteadOf(document, found), write: text };
  const write = attributes.map(([name, value]) => `${name}='${value}'`).join(' ');
  return { place: `in the tag <${found.name}>${lineOf(document, found)}, set`, write };
}

function insteadOf(document: DomainDocument, element: XmlElement): string {
  const isWhole = element.children.length > 0;
  return `instead of ${tagText(document, element).slice(0, 80)}${isWhole ? ` … </${element.name}>` : ''}${lineOf(document, element)}`;
}

function lineOf(document: DomainDocument, element: XmlElement): string {
  return document.isDefined ? '' : ` (line ${lineAt(document, element).line})`;
}
