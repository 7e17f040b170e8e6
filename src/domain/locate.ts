import type { DomainDocument } from './document.ts';
import type { XmlElement } from './xml.ts';

/** Lines and columns begin at 1; columns count UTF-16 units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Behind the last character, on the same line or on a later one. */
  readonly endLine: number;
  readonly endColumn: number;
  /** Where there is a line to show. */
  readonly excerpt?: Excerpt;
}

/** The line of a location, or the part of a long one around it, without what is secret in it. */
interface Excerpt {
  readonly text: string;
  /** From 1: where the location begins in it. */
  readonly column: number;
  /** How many characters belong to it. */
  readonly length: number;
}

/** An element, or one attribute of it. */
export type Spot = XmlElement | { readonly element: XmlElement; readonly attribute: string };

/** Where a value of an attribute is in the text, between its quotes, and the attribute with its name and quotes. */
export interface AttributeSpan {
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
  readonly quote: '"' | "'";
}

/** Where an attribute is written; null when the element does not have it. */
export function attributeSpan(text: string, element: XmlElement, name: string): AttributeSpan | null {
  const pattern = /([^\s=<>/]+)\s*=\s*(["'])/g;
  const tag = text.slice(element.start, element.contentStart);
  // Behind its name: a long one would be looked through again and again.
  pattern.lastIndex = Math.max(0, tag.search(/\s/));
  for (let match = pattern.exec(tag); match !== null; match = pattern.exec(tag)) {
    const valueStart = pattern.lastIndex;
    const quote = match[2] === '"' ? '"' : "'";
    const valueEnd = tag.indexOf(quote, valueStart);
    if (valueEnd === -1) return null;
    const at = (offset: number): number => element.start + offset;
    if (match[1] === name)
      return { start: at(match.index), valueStart: at(valueStart), valueEnd: at(valueEnd), end: at(valueEnd + 1), quote };
    pattern.lastIndex = valueEnd + 1;
  }
  return null;
}

/** The part of a {@link DomainDocument} that positions need. */
type Positioned = Pick<DomainDocument, 'label' | 'text' | 'lineStarts'>;

/** The file and the line (from 1) in which something begins. */
export function lineAt(document: Positioned, spot: Spot): { readonly file: string; readonly line: number } {
  const [from] = rangeOf(document, spot);
  return { file: fileOf(document), line: lineOf(document.lineStarts, from).line };
}

function rangeOf({ text }: Positioned, spot: Spot): readonly [number, number] {
  const element = 'element' in spot ? spot.element : spot;
  const span = 'element' in spot ? attributeSpan(text, element, spot.attribute) : null;
  return [span?.start ?? element.start, span?.end ?? element.contentStart];
}

function fileOf({ label }: Positioned): string {
  return label.replace(/#[^/]*$/, '');
}

/** Where in its file something is: an element stands for its start tag. */
export function locate(document: Positioned, spot: Spot): Location {
  const { text, lineStarts: lines } = document;
  const [from, to] = rangeOf(document, spot);
  const start = lineOf(lines, from);
  const end = lineOf(lines, to);
  const lineStart = lines[start.line - 1] ?? 0;
  const lineEnd = (lines[start.line] ?? text.length + 1) - 1;
  const place = { file: fileOf(document), ...start, endLine: end.line, endColumn: end.column };
  if (beginsInSecret(text, lineStart)) return place;
  const excerpt = excerptOf(text.slice(lineStart, lineEnd), { column: start.column, length: Math.min(lineEnd, to) - from });
  return { ...place, excerpt };
}

const SECRET_WORD = /pass|secret|data|<entry|token/i;

/** A tag of several lines can have `passwd=` at the end of one, and the password at the beginning of the next. */
function beginsInSecret(text: string, lineStart: number): boolean {
  const before = text.slice(Math.max(0, lineStart - LONGEST_TAG), lineStart);
  const tag = before.slice(Math.max(0, before.lastIndexOf('<')));
  return !/>\s*$/.test(tag.slice(-400)) && SECRET_WORD.test(tag);
}

const LONGEST_EXCERPT = 160;
const BEFORE_IN_EXCERPT = 40;

/** Definitions can be one long line: then a window of it. What is hidden in it may be shorter or longer than it was. */
function excerptOf(line: string, { column, length }: { readonly column: number; readonly length: number }): Excerpt {
  const from = line.length <= LONGEST_EXCERPT ? 0 : Math.max(0, column - 1 - BEFORE_IN_EXCERPT);
  const before = textBefore(line, from, column - 1);
  const marked = withoutSecrets(line.slice(column - 1, Math.min(column - 1 + length, from + LONGEST_EXCERPT)));
  const after = withoutSecrets(line.slice(column - 1 + length, from + LONGEST_EXCERPT));
  return { text: `${before}${marked}${after}`.replace(/\r$/, ''), column: before.length + 1, length: Math.max(1, marked.length) };
}

/** What is secret is known by the tag that it stands in: the window is cut after hiding, or it could begin inside of a password. */
function textBefore(line: string, from: number, to: number): string {
  if (from === 0) return withoutSecrets(line.slice(0, to));
  const tag = line.lastIndexOf('<', from);
  return tag === -1 || from - tag > LONGEST_TAG ? '' : withoutSecrets(line.slice(tag, to)).slice(-(to - from));
}

const LONGEST_TAG = 4096;

/** The start tag of an element as written, for people: at most 200 characters, without what is secret. */
export function tagText({ text }: Pick<DomainDocument, 'text'>, element: XmlElement): string {
  const tag = text.slice(element.start, Math.min(element.contentStart, element.start + 400)).replaceAll(/\s+/g, ' ');
  const content = element.children.length === 0 && element.contentEnd - element.contentStart < 100 ? element.text.trim() : '';
  const whole = content === '' ? tag : `${tag}${content}</${element.name}>`;
  return withoutSecrets(whole).slice(0, 200);
}

/**
 * Hides VNC and SPICE passwords, those in arguments of QEMU (`password=…`, `-object secret,data=…`, JSON; a doubled comma is
 * part of a value), in its environment and in URLs, and serial numbers.
 */
export function withoutSecrets(text: string): string {
  if (!SECRET_WORD.test(text) && !text.includes('://')) return text;
  return text
    .replaceAll(/\b(pass(?:wd|word))\s*=\s*(["'])(?:(?!\2).)*(\2|$)/gis, '$1=$2(hidden)$3')
    .replaceAll(/\b(pass(?:wd|word)?\s{0,20}=\s{0,20})(?!\(hidden\))(?:,,|[^,"'<>])+/gi, '$1(hidden)')
    .replaceAll(/(\bsecret\b[^"'<>]{0,200}?\bdata\s{0,20}=\s{0,20})(?:,,|[^,"'<>])+/gi, '$1(hidden)')
    .replaceAll(/((?:["']|&quot;|&apos;)(?:passwd|password|data)(["']|&quot;|&apos;)\s{0,20}:\s{0,20}\2)(?:(?!\2).)+/gi, '$1(hidden)')
    .replaceAll(/(name=(["'])[^"'<>]{0,80}(?:pass|secret|token)[^"'<>]{0,80}\2\s{1,20}value=["'])[^"'<>]*/gi, '$1(hidden)')
    .replaceAll(/(:\/\/[^\s:%@/"'<>]{1,80}[:%])[^\s@/"'<>]{1,200}@/g, '$1(hidden)@')
    .replaceAll(/(<entry name=["'](?:serial|asset|uuid)["']>)[^<]*/gi, '$1(hidden)');
}

/** The offsets at which the lines of a text begin. */
export function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
