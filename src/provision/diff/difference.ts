import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';

/** One place where a definition of libvirt is not what is wanted, and what puts it right. */
export type Difference = {
  /** In words of the definition: `memory`, `disk vda: driver cache`, `interface 52:54:00:…`. */
  readonly field: string;
  /** As people read it (`8 GiB`); null: it is not there. */
  readonly from: string | null;
  /** Null: it goes away. */
  readonly to: string | null;
} & (
  | { readonly kind: 'set-attribute'; readonly element: XmlElement; readonly name: string; readonly value: string }
  | { readonly kind: 'remove-attribute'; readonly element: XmlElement; readonly name: string }
  | { readonly kind: 'set-text'; readonly element: XmlElement; readonly value: string }
  | { readonly kind: 'add'; readonly parent: XmlElement; readonly tree: Tree }
  | { readonly kind: 'remove'; readonly element: XmlElement }
);
