import { oncePer } from '../once-per.ts';
import type { XmlElement } from './xml.ts';

/** Reads something once for each definition. */
export function perRoot<Value>(read: (root: XmlElement) => Value): (document: { readonly root: XmlElement }) => Value {
  const readOnce = oncePer(read);
  return ({ root }) => readOnce(root);
}
