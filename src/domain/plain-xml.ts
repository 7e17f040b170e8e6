import type { XmlComment, XmlElement } from './xml.ts';

/** An element while its content is read. */
interface Open {
  readonly element: PlainElement;
  /** As written, with its prefix. */
  readonly tag: string;
  /** Prefix → namespace; '' is the default one. */
  readonly scope: ReadonlyMap<string, string>;
}

interface PlainElement extends XmlElement {
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  readonly comments: XmlComment[];
  text: string;
  contentEnd: number;
  end: number;
}

/** Beyond it the full parser is fast enough, because V8 has compiled it by then. */
const LONGEST = 1024 * 1024;

/**
 * Reads XML that is written as libvirt and most people write it, several times faster than a full parser: no CDATA, no
 * instructions, no references but the five predefined ones, nothing unusual. Null: it is not of this kind, or wrong, or beyond
 * `limits`, and the full parser has to look. What it does read it reads as {@link parseXml} does.
 */
export function readPlainXml(text: string, limits: { readonly elements: number; readonly depth: number }): XmlElement | null {
  if (text.length > LONGEST || UNUSUAL.test(text) || text.includes(']]>')) return null;
  return new PlainReader(text, limits).read();
}

/** Characters besides line ends, tabs, and those that can be printed and that XML allows without a doubt. */
const UNUSUAL = /[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

const DECLARATION = /^<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?:utf-8|UTF-8)\2)?\?>/;
const NAME = /<([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)/y;
const ATTRIBUTE = /[ \t\n]+([A-Za-z_][\w.-]*)(:[A-Za-z_][\w.-]*)?=(?:'([^'<\t\n]*)'|"([^"<\t\n]*)")/y;
const END_OF_TAG = /[ \t\n]*(\/?)>/y;

class PlainReader {
  readonly #text: string;
  readonly #limits: { readonly elements: number; readonly depth: number };
  readonly #open: Open[] = [];
  #root: XmlElement | null = null;
  #count = 0;
  #at = 0;

  constructor(text: string, limits: { readonly elements: number; readonly depth: number }) {
    this.#text = text;
    this.#limits = limits;
  }

  read(): XmlElement | null {
    const text = this.#text;
    this.#at = DECLARATION.exec(text)?.[0].length ?? 0;
    for (let next = text.indexOf('<', this.#at); next !== -1; next = text.indexOf('<', this.#at)) {
      if (!this.#takeText(next) || !this.#takeMarkup(next)) return null;
    }
    return this.#open.length === 0 && this.#takeText(text.length) ? this.#root : null;
  }

  #takeText(end: number): boolean {
    if (end === this.#at) return true;
    const piece = this.#text.slice(this.#at, end);
    const open = this.#open.at(-1);
    if (open === undefined) return !/[^ \t\n]/.test(piece);
    const value = decoded(piece);
    if (value === null) return false;
    open.element.text += value;
    return true;
  }

  #takeMarkup(start: number): boolean {
    switch (this.#text.charAt(start + 1)) {
      case '/':
        return this.#takeEnd(start);
      case '!':
        return this.#takeComment(start);
      default:
        return this.#takeStart(start);
    }
  }

  #takeEnd(start: number): boolean {
    const open = this.#open.pop();
    if (open === undefined || !this.#text.startsWith(`${open.tag}>`, start + 2)) return false;
    this.#at = start + 3 + open.tag.length;
    open.element.contentEnd = start;
    open.element.end = this.#at;
    return true;
  }

  #takeComment(start: number): boolean {
    if (!this.#text.startsWith('<!--', start)) return false;
    const end = this.#text.indexOf('--', start + 4);
    if (end === -1 || this.#text.charAt(end + 2) !== '>') return false;
    this.#at = end + 3;
    this.#open.at(-1)?.element.comments.push({ text: this.#text.slice(start + 4, end), end: this.#at });
    return true;
  }

  #takeStart(start: number): boolean {
    this.#count += 1;
    const parent = this.#open.at(-1);
    if (this.#count > this.#limits.elements || this.#open.length >= this.#limits.depth) return false;
    if (parent === undefined && this.#root !== null) return false;
    NAME.lastIndex = start;
    const tag = NAME.exec(this.#text)?.[1];
    if (tag === undefined) return false;
    const head = this.#takeAttributes(NAME.lastIndex, parent?.scope ?? NO_SCOPE);
    if (head === null) return false;
    const colon = tag.indexOf(':');
    const namespace = head.scope.get(tag.slice(0, Math.max(0, colon))) ?? (colon === -1 ? '' : null);
    if (namespace === null) return false;
    const at = this.#at;
    const ends = { start, contentStart: at, contentEnd: at, end: at };
    const { attributes, scope } = head;
    const element = { name: tag.slice(colon + 1), namespace, attributes, children: [], comments: [], text: '', ...ends };
    parent?.element.children.push(element);
    this.#root ??= element;
    if (!head.isClosed) this.#open.push({ element, tag, scope });
    return true;
  }

  /** Attributes in another way (blanks around `=`, line ends in a value) are not taken, and then the tag does not end there. */
  #takeAttributes(from: number, outer: ReadonlyMap<string, string>): TagHead | null {
    const attributes: Record<string, string> = Object.create(null);
    const declared = new Map<string, string>();
    ATTRIBUTE.lastIndex = from;
    let behind = from;
    for (let match = ATTRIBUTE.exec(this.#text); match !== null; match = ATTRIBUTE.exec(this.#text)) {
      behind = ATTRIBUTE.lastIndex;
      const [, name = '', suffix, single, double = ''] = match;
      const value = decoded(single ?? double);
      if (value === null) return null;
      if (suffix === undefined && name !== 'xmlns') {
        if (name in attributes) return null;
        attributes[name] = value;
        continue;
      }
      const prefix = suffix?.slice(1) ?? '';
      if (name !== 'xmlns' || declared.has(prefix) || !isPlainNamespace(prefix, value)) return null;
      declared.set(prefix, value);
    }
    END_OF_TAG.lastIndex = behind;
    const slash = END_OF_TAG.exec(this.#text)?.[1];
    if (slash === undefined) return null;
    this.#at = END_OF_TAG.lastIndex;
    return { attributes, scope: declared.size === 0 ? outer : new Map([...outer, ...declared]), isClosed: slash === '/' };
  }
}

interface TagHead {
  readonly attributes: Record<string, string>;
  readonly scope: ReadonlyMap<string, string>;
  readonly isClosed: boolean;
}

const NO_SCOPE: ReadonlyMap<string, string> = new Map();

function isPlainNamespace(prefix: string, uri: string): boolean {
  return uri !== '' && uri.trim() === uri && !prefix.startsWith('xml') && !uri.startsWith('http://www.w3.org/');
}

/** Null: it has a reference that is not one of the five. */
function decoded(written: string): string | null {
  if (!written.includes('&')) return written;
  if (/&(?!(?:lt|gt|amp|quot|apos);)/.test(written)) return null;
  return written.replaceAll(/&(lt|gt|amp|quot|apos);/g, (_, name: keyof typeof REFERENCES) => REFERENCES[name]);
}

const REFERENCES = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" } as const;
