import { parseXml, type XmlElement } from '../src/domain/xml.ts';
import type { Difference } from '../src/provision/diff/difference.ts';
import { differencesOf } from '../src/provision/diff/differences.ts';
import { isDeclaration, MARK_NAMESPACE, nameOf } from '../src/provision/diff/item.ts';
import { shapeOf } from '../src/provision/diff/shape.ts';
import type { Tree } from '../src/provision/tree.ts';

/** XML as something that is wanted. */
export function wanted(xml: string): Tree {
  return treeOf(parseXml(xml));
}

/** An element that was read as something that is wanted. */
export function treeOf(element: XmlElement): Tree {
  const name = nameOf(element);
  const space = element.namespace === MARK_NAMESPACE ? { 'xmlns:passcheck': MARK_NAMESPACE } : {};
  const attributes = Object.fromEntries(Object.entries(element.attributes).filter(([attribute]) => !isDeclaration(attribute)));
  const text = element.children.length === 0 && element.text.trim() !== '' ? element.text : null;
  return { name, attributes: { ...space, ...attributes }, text, children: element.children.map(treeOf) };
}

/** `memory: 8 GiB → 16 GiB`, `+ tpm: tpm-crb 2.0`, `- title: old`. */
export function inWords(differences: readonly Pick<Difference, 'field' | 'from' | 'to'>[]): readonly string[] {
  return differences.map(({ field, from, to }) => {
    if (from === null) return `+ ${field}: ${to ?? ''}`;
    return to === null ? `- ${field}: ${from}` : `${field}: ${from} → ${to}`;
  });
}

/** The differences of two texts in words; `previous` is what was wanted before. */
export function changes(desired: string, live: string, previous?: string): readonly string[] {
  return inWords(differencesOf(wanted(desired), parseXml(live), previous === undefined ? null : shapeOf(wanted(previous))));
}

export const domain = (content: string): string => `<domain type='kvm'>${content}</domain>`;
export const devices = (content: string): string => domain(`<devices>${content}</devices>`);
export const network = (content: string): string => `<network>${content}</network>`;
