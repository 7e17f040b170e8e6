/** An element of a page, with where it begins. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (HtmlElement | string)[];
}

interface OpenElement extends HtmlElement {
  readonly children: (HtmlElement | string)[];
}

const VOID = new Set(['meta', 'link', 'br', 'hr', 'img', 'input', 'col', 'wbr']);
/** Their text is no markup, up to their end. */
const RAW = new Set(['script', 'style']);
const TAG = /<(?:!doctype html>|\/([a-z][a-z0-9]*)>|([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9:-]*(?:="[^"<>]*")?)*) ?(\/?)>)/y;
const ATTRIBUTE = / ([a-zA-Z][a-zA-Z0-9:-]*)(?:="([^"]*)")?/g;
const ENTITY = /&(?!(?:amp|lt|gt|quot|nbsp|#39|#\d{1,7});)/;
/** What no page may hold as it is: a browser drops or replaces it, or reorders what a person reads. */
// oxlint-disable-next-line no-control-regex
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

/**
 * Reads a page as every browser does, or throws: no tag that is not closed, no attribute without double quotes, no
 * character that could be read in two ways.
 */
export function parseStrictly(page: string): HtmlElement {
  const root: OpenElement = { name: '#page', attributes: new Map(), children: [] };
  const open = [root];
  for (let at = 0; at < page.length;) {
    const parent = open.at(-1) ?? root;
    const end = RAW.has(parent.name) ? page.indexOf(`</${parent.name}`, at) : page.indexOf('<', at);
    const text = page.slice(at, end === -1 ? page.length : end);
    if (!RAW.has(parent.name)) mustBePlain(text);
    if (text !== '') parent.children.push(text);
    if (end === -1) break;
    at = end + readTag(page, end, open);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is never closed`);
  return root;
}

/** Takes in the tag at `at` and returns its length. */
function readTag(page: string, at: number, open: OpenElement[]): number {
  TAG.lastIndex = at;
  const match = TAG.exec(page);
  if (match === null) throw new Error(`no tag: ${JSON.stringify(page.slice(at, at + 120))}`);
  const [tag, closed, name, attributes = '', isClosed] = match;
  if (closed !== undefined) {
    const last = open.pop();
    if (last?.name !== closed) throw new Error(`</${closed}> closes <${last?.name}>: ${JSON.stringify(page.slice(at - 120, at + 20))}`);
  } else if (name !== undefined) {
    const element = { name, attributes: attributesOf(attributes), children: [] };
    open.at(-1)?.children.push(element);
    if (!VOID.has(name) && isClosed !== '/') open.push(element);
  }
  return tag.length;
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new Error(`${name} twice in ${text}`);
    mustBePlain(value);
    attributes.set(name, value);
  }
  return attributes;
}

function mustBePlain(text: string): void {
  const match = ENTITY.exec(text) ?? HARMFUL.exec(text);
  if (match !== null) throw new Error(`not escaped: ${JSON.stringify(text.slice(Math.max(0, match.index - 60), match.index + 60))}`);
}

/** All elements of a page, parents before their children. */
export function elementsOf(element: HtmlElement): HtmlElement[] {
  const all: HtmlElement[] = [];
  const waiting = [element];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    all.push(next);
    waiting.push(...next.children.filter((child) => typeof child !== 'string').toReversed());
  }
  return all;
}

/** The text of an element as a person reads it. */
export function textOf({ children }: HtmlElement): string {
  return children
    .map((child) => (typeof child === 'string' ? child : textOf(child)))
    .join('')
    .replaceAll(/&(?:amp|lt|gt|quot|nbsp|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&nbsp;': '\u00a0',
  '&#39;': "'",
};
