import { applyEdits, type Edit, insertChild, setAttribute } from '../../domain/edit.ts';
import type { XmlElement } from '../../domain/xml.ts';
import { el, type Tree, treeText } from '../tree.ts';
import { below, MARK_NAMESPACE, valueOf } from './item.ts';
import { MARK, parseShape, type Shape, shapeOf, shapeText } from './shape.ts';

export { MARK_NAMESPACE };

/** What passcheck writes into the definition of a domain or network that it made or took over. */
export interface Mark {
  /** The name of the spec that it belongs to. */
  readonly owner: string;
  /** What that spec wanted when it was last applied; null where it cannot be read: then nothing is removed for its sake. */
  readonly shape: Shape | null;
  /** Of the mark itself. */
  readonly version: string;
}

const MARK_VERSION = '1';

/** A definition that was taken over and never applied: nothing in it was wanted before. */
const NOTHING = '';

/** The mark of a definition; null where it has none, or one without an owner. */
export function readMark(root: XmlElement): Mark | null {
  const mark = below(root, 'metadata', MARK);
  const owner = valueOf(mark, 'owner');
  if (mark === undefined || owner === null || owner === '') return null;
  const version = valueOf(mark, 'version') ?? '';
  return { owner, shape: version === MARK_VERSION ? parseShape(valueOf(mark, 'shape') ?? NOTHING) : null, version };
}

/** A definition with the mark of a spec in it, and in that what this definition wants. */
export function withMark(tree: Tree, owner: string): Tree {
  const mark = markTree(owner, shapeText(shapeOf(tree)));
  const metadata = tree.children.find(({ name }) => name === 'metadata');
  const others = metadata?.children.filter(({ name }) => name !== MARK) ?? [];
  const children = tree.children.filter((child) => child !== metadata);
  const behind = children.findLastIndex(({ name }) => BEFORE_METADATA.has(name)) + 1;
  return { ...tree, children: children.toSpliced(behind, 0, el('metadata', metadata?.attributes ?? {}, [...others, mark])) };
}

/** libvirt writes these before `<metadata>`. */
const BEFORE_METADATA = new Set(['name', 'uuid', 'genid', 'title', 'description']);

function markTree(owner: string, shape: string): Tree {
  return el(MARK, { 'xmlns:passcheck': MARK_NAMESPACE, version: MARK_VERSION, owner, shape });
}

/**
 * Puts the mark of a spec into a live definition, or in the place of the one it has, and touches nothing else. It says that
 * nothing of the definition was wanted, so that nothing is removed for its sake until the spec is applied.
 */
function markEdits(document: { readonly text: string; readonly root: XmlElement }, owner: string): readonly Edit[] {
  const { root } = document;
  const mark = below(root, 'metadata', MARK);
  if (mark !== undefined) {
    const wanted = { version: MARK_VERSION, owner, shape: NOTHING };
    const changed = Object.entries(wanted).filter(([name, value]) => valueOf(mark, name) !== value);
    return changed.map(([name, value]) => setAttribute(document, mark, name, value));
  }
  const text = treeText(markTree(owner, NOTHING));
  const metadata = below(root, 'metadata');
  if (metadata !== undefined) return [insertChild(document, metadata, text)];
  return [insertChild(document, root, treeText(el('metadata', {}, [markTree(owner, NOTHING)])), [...BEFORE_METADATA])];
}

/** {@link markEdits}, applied. */
export function marked(document: { readonly text: string; readonly root: XmlElement }, owner: string): string {
  const text = applyEdits(document.text, markEdits(document, owner));
  if (text === null) throw new Error('the edits of a mark overlap');
  return text;
}
