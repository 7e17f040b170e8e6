/** An element of XML that passcheck wants libvirt to have: no positions, no namespaces but those written in names. */
export interface Tree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text of an element without children; null where it has none. */
  readonly text: string | null;
  readonly children: readonly Tree[];
}

type Value = string | number | null;

/** An element; attributes that are null are left out, and so are children. `el('memory', { unit: 'KiB' }, '1024')` */
export function el(name: string, attributes: Readonly<Record<string, Value>> = {}, content: string | readonly (Tree | null)[] = []): Tree {
  const given = Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)] as const]));
  const isText = typeof content === 'string';
  return {
    name,
    attributes: Object.fromEntries(given),
    text: isText ? content : null,
    children: isText ? [] : content.filter((child) => child !== null),
  };
}

/** Writes it as libvirt does: single quotes, two blanks a level, a line end at the end of each line but the last. */
export function treeText(tree: Tree, indent = ''): string {
  const attributes = Object.entries(tree.attributes).map(([name, value]) => ` ${name}='${escaped(value)}'`);
  const start = `${indent}<${tree.name}${attributes.join('')}`;
  if (tree.text !== null) return `${start}>${escaped(tree.text)}</${tree.name}>`;
  if (tree.children.length === 0) return `${start}/>`;
  return [`${start}>`, ...tree.children.map((child) => treeText(child, `${indent}  `)), `${indent}</${tree.name}>`].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' };

/** A carriage return, tab or line end would be changed by XML's own normalisation. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>'"]/g, (sign) => ENTITIES[sign] ?? sign).replaceAll(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
