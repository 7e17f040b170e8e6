import type { XmlElement } from './xml.ts';

/** Reads something once for each definition: many rules ask for the same, and a parsed definition never changes. */
export function perRoot<Value>(read: (root: XmlElement) => Value): (document: { readonly root: XmlElement }) => Value {
  const known = new WeakMap<XmlElement, { readonly value: Value }>();
  return ({ root }) => {
    const found = known.get(root);
    if (found !== undefined) return found.value;
    const value = read(root);
    known.set(root, { value });
    return value;
  };
}
