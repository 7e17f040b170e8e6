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
  /** The line itself, without what is secret in it. */
  readonly excerpt: string;
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

/** Where in its file something is: an element stands for its start tag. */
export function locate({ label, text, lineStarts: lines }: Positioned, spot: Spot): Location {
  const element = 'element' in spot ? spot.element : spot;
  const span = 'element' in spot ? attributeSpan(text, element, spot.attribute) : null;
  const start = lineOf(lines, span?.start ?? element.start);
  const end = lineOf(lines, span?.end ?? element.contentStart);
  const lineStart = lines[start.line - 1] ?? 0;
  const lineEnd = (lines[start.line] ?? text.length + 1) - 1;
  const file = label.replace(/#[^/]*$/, '');
  const excerpt = withoutSecrets(text.slice(lineStart, Math.min(lineEnd, lineStart + 400)).replace(/\r$/, ''));
  return { file, ...start, endLine: end.line, endColumn: end.column, excerpt };
}

/** The start tag of an element as written, for people: at most 200 characters, without what is secret. */
export function tagText({ text }: Pick<DomainDocument, 'text'>, element: XmlElement): string {
  const tag = text.slice(element.start, Math.min(element.contentStart, element.start + 400)).replaceAll(/\s+/g, ' ');
  const content = element.children.length === 0 && element.contentEnd - element.contentStart < 100 ? element.text.trim() : '';
  const whole = content === '' ? tag : `${tag}${content}</${element.name}>`;
  return withoutSecrets(whole).slice(0, 200);
}

/** VNC and SPICE passwords, and those in arguments of QEMU. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/\b(pass(?:wd|word))\s*=\s*(["'])(?:(?!\2).)*(\2|$)/gi, '$1=$2(hidden)$3')
    .replaceAll(/\b(pass(?:wd|word)?=)[^\s,"'(]+/gi, '$1(hidden)')
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
