import type { DomainDocument } from './document.ts';
import { oncePer } from '../once-per.ts';
import { attributeSpan } from './locate.ts';
import { first, type XmlElement } from './xml.ts';

/** Replaces the text from `start` to `end` (offsets in the whole text); everything else stays, byte by byte. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Text = Pick<DomainDocument, 'text'>;

/** Applies edits that do not overlap; null when two of them do. Insertions at one place are made in the given order. */
export function applyEdits(text: string, edits: readonly Edit[]): string | null {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let done = 0;
  for (const { start, end, text: replacement } of sorted) {
    if (start < done) return null;
    result += text.slice(done, start) + replacement;
    done = end;
  }
  return result + text.slice(done);
}

/** Sets an attribute, with the quotes that the tag uses. */
export function setAttribute(document: Text, element: XmlElement, name: string, value: string): Edit {
  const { text } = document;
  const span = attributeSpan(text, element, name);
  if (span !== null) return { start: span.valueStart, end: span.valueEnd, text: escaped(value, span.quote) };
  const tag = text.slice(element.start, element.contentStart);
  const quote = /=\s*(["'])/.exec(tag)?.[1] ?? styleOf(document).quote;
  const before = element.start + tag.slice(0, tag.endsWith('/>') ? -2 : -1).trimEnd().length;
  return { start: before, end: before, text: ` ${name}=${quote}${escaped(value, quote)}${quote}` };
}

/** Removes an attribute and the blank before it; null when it is not there. */
export function removeAttribute({ text }: Text, element: XmlElement, name: string): Edit | null {
  const span = attributeSpan(text, element, name);
  if (span === null) return null;
  return { start: element.start + text.slice(element.start, span.start).trimEnd().length, end: span.end, text: '' };
}

/** Replaces everything between the tags of an element by a text. */
export function setText({ text }: Text, element: XmlElement, content: string): Edit {
  if (!isSelfClosing(text, element)) return { start: element.contentStart, end: element.contentEnd, text: escaped(content, '') };
  return { start: selfClosingMark(text, element), end: element.end, text: `>${escaped(content, '')}</${qualifiedName(text, element)}>` };
}

/** Removes an element, with its line where it has the line for itself. */
export function removeElement({ text }: Text, element: XmlElement): Edit {
  const before = /(?:^|\n)([ \t]*)$/.exec(text.slice(Math.max(0, element.start - 400), element.start))?.[1];
  const after = /^[ \t]*\r?\n/.exec(text.slice(element.end, element.end + 400))?.[0];
  if (before === undefined || after === undefined) return { start: element.start, end: element.end, text: '' };
  return { start: element.start - before.length, end: element.end + after.length, text: '' };
}

/**
 * Puts XML as a child into an element, indented as its neighbours are and with the quotes that the text uses: behind the last
 * child that has one of the names in `after`, or where none has, as the last child. `xml` is written with single quotes, and
 * may have several lines, indented by two blanks a level; it is one line where the element is part of one.
 */
export function insertChild(document: Text, parent: XmlElement, xml: string, after: readonly string[] = []): Edit {
  const { text } = document;
  const { lines, outer, inner } = layoutIn(document, parent, xml.includes('"') ? xml : xml.replaceAll("'", styleOf(document).quote));
  if (isSelfClosing(text, parent)) {
    return { start: selfClosingMark(text, parent), end: parent.end, text: `>${inner}${lines}${outer}</${qualifiedName(text, parent)}>` };
  }
  const neighbour = parent.children.findLast(({ name, namespace }) => namespace === '' && after.includes(name)) ?? parent.children.at(-1);
  const offset = neighbour?.end ?? parent.contentStart;
  // A comment behind the neighbour on its line is about the neighbour.
  const comment = /^[ \t]*<!--(?:(?!-->)[^\r\n])*-->(?=[ \t]*\r?\n)/.exec(text.slice(offset, offset + 400))?.[0].length ?? 0;
  const at = offset + comment;
  const isLast = text.slice(at, parent.contentEnd).trim() === '';
  const needsEnd = outer !== '' && isLast && !text.slice(at, parent.contentEnd).includes('\n');
  return { start: at, end: needsEnd ? parent.contentEnd : at, text: `${inner}${lines}${needsEnd ? outer : ''}` };
}

/** XML as it is to be written in an element: `inner` goes before it, `outer` before the end tag. */
interface Layout {
  readonly lines: string;
  readonly inner: string;
  readonly outer: string;
}

function layoutIn(document: Text, parent: XmlElement, xml: string): Layout {
  const { text } = document;
  const isInLine = parent.children.length > 0 || indentOf(text, parent.start) === null;
  if (isInLine && !text.slice(parent.start, parent.end).includes('\n')) {
    return { lines: xml.replaceAll(/\n */g, ''), inner: '', outer: '' };
  }
  const { lineEnd, level: usual } = styleOf(document);
  const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', parent.start) + 1, parent.start))?.[0] ?? '';
  const inner = firstIndent(text, parent.children) ?? outer + usual;
  const level = inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : usual;
  const lines = xml.split('\n').map((line) => line.replace(/^(?: {2})+/, (blanks) => level.repeat(blanks.length / 2)));
  return { lines: lines.join(lineEnd + inner), inner: lineEnd + inner, outer: lineEnd + outer };
}

interface Style {
  readonly quote: '"' | "'";
  /** What an element is indented by within another. */
  readonly level: string;
  readonly lineEnd: '\r\n' | '\n';
}

const styleOf = oncePer(({ text }: Text): Style => {
  const sample = text.slice(0, STYLE_SAMPLE);
  return { quote: quoteOf(sample), level: levelOf(sample), lineEnd: text.includes('\r\n') ? '\r\n' : '\n' };
});

/** The style of a text shows near its beginning. */
const STYLE_SAMPLE = 8192;

/** The quotes that most attributes have; libvirt itself writes single ones. */
function quoteOf(sample: string): '"' | "'" {
  let difference = 0;
  for (const [mark] of sample.matchAll(/=\s*["']/g)) difference += mark.endsWith('"') ? 1 : -1;
  return difference > 0 ? '"' : "'";
}

/** What the first indented line has more than the one that it is in. */
function levelOf(sample: string): string {
  return /\n([ \t]+)</.exec(sample)?.[1] ?? '  ';
}

/**
 * {@link insertChild} at a path below the domain: what is missing of the path is made. `insertAt(document, ['features',
 * 'hyperv'], "<relaxed state='on'/>")`
 */
export function insertAt(document: Pick<DomainDocument, 'text' | 'root'>, path: readonly string[], xml: string): Edit {
  let parent = document.root;
  let missing = [...path];
  for (const name of path) {
    const child = first(parent, name);
    if (child === undefined) break;
    parent = child;
    missing = missing.slice(1);
  }
  return insertChild(document, parent, nested(missing, xml), parent === document.root ? (BEFORE[missing[0] ?? ''] ?? []) : []);
}

/** Where libvirt itself writes the elements that a fix may have to make: behind these. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  memoryBacking: ['name', 'uuid', 'title', 'description', 'metadata', 'maxMemory', 'memory', 'currentMemory', 'blkiotune', 'memtune'],
  vcpu: ['name', 'uuid', 'title', 'metadata', 'maxMemory', 'memory', 'currentMemory', 'blkiotune', 'memtune', 'memoryBacking'],
  iothreads: ['memory', 'currentMemory', 'memoryBacking', 'vcpu', 'vcpus'],
  cputune: ['memory', 'currentMemory', 'memoryBacking', 'vcpu', 'vcpus', 'iothreads', 'iothreadids'],
  numatune: ['memory', 'currentMemory', 'memoryBacking', 'vcpu', 'vcpus', 'iothreads', 'iothreadids', 'cputune'],
  features: ['vcpu', 'iothreads', 'cputune', 'numatune', 'resource', 'sysinfo', 'bootloader', 'os', 'idmap'],
  cpu: ['os', 'idmap', 'features'],
  clock: ['os', 'features', 'cpu'],
  pm: ['features', 'cpu', 'clock', 'on_poweroff', 'on_reboot', 'on_crash'],
};

function nested(path: readonly string[], xml: string): string {
  return path.reduceRight((inner, name) => {
    const indented = inner
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
    return `<${name}>\n${indented}\n</${name}>`;
  }, xml);
}

function isSelfClosing(text: string, element: XmlElement): boolean {
  return element.contentEnd === element.end && text.slice(element.contentStart - 2, element.contentStart) === '/>';
}

/** Of the blanks and the `/` that close the start tag. */
function selfClosingMark(text: string, element: XmlElement): number {
  const mark = /\s*\/>$/.exec(text.slice(element.start, element.contentStart))?.[0].length ?? 2;
  return element.contentStart - mark;
}

/** With its prefix, as written. */
function qualifiedName(text: string, element: XmlElement): string {
  return /^<([^\s/>]+)/.exec(text.slice(element.start, element.contentStart))?.[1] ?? element.name;
}

/** The blanks before an element that begins its line; null when it does not. */
function indentOf(text: string, offset: number): string | null {
  return /(?:^|\n)([ \t]*)$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[1] ?? null;
}

function firstIndent(text: string, children: readonly XmlElement[]): string | null {
  for (const { start } of children) {
    const indent = indentOf(text, start);
    if (indent !== null) return indent;
  }
  return null;
}

/** For a text without a quote. XML reads a line end or tab in an attribute as a blank, and a carriage return as a line end. */
function escaped(text: string, quote: string): string {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
  if (quote === '') return plain;
  return plain
    .replaceAll(quote, quote === '"' ? '&quot;' : '&apos;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;');
}
