/** What an element that is wanted and one of libvirt have in common: a `Tree` and an `XmlElement` are both one. */
export interface Item {
  readonly name: string;
  /** Of an element that was read; a `Tree` has the prefix in its name. */
  readonly namespace?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string | null;
  readonly children: readonly Item[];
}

/** An {@link Item} whose children are of its own kind. */
type Of<Kind> = Omit<Item, 'children'> & { readonly children: readonly Kind[] };

export const MARK_NAMESPACE = 'https://passcheck.dev/xmlns/1';
const QEMU_NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';
const LIBOSINFO_NAMESPACE = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';

/** The prefixes that trees are written with. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  [MARK_NAMESPACE, 'passcheck'],
  [QEMU_NAMESPACE, 'qemu'],
  [LIBOSINFO_NAMESPACE, 'libosinfo'],
]);

/** The name as trees have it, whichever prefix was read: `disk`, `qemu:commandline`. */
export function nameOf({ name, namespace = '' }: Pick<Item, 'name' | 'namespace'>): string {
  return namespace === '' ? name : `${PREFIXES.get(namespace) ?? namespace}:${name}`;
}

/** The namespace of a name in a tree; null for one of libvirt's own. */
export function namespaceOfName(name: string): { readonly prefix: string; readonly uri: string } | null {
  for (const [uri, prefix] of PREFIXES) if (name.startsWith(`${prefix}:`)) return { prefix, uri };
  return null;
}

/** The children with a name. */
export function childrenOf<Kind extends Of<Kind>>(item: Kind | undefined, name: string): readonly Kind[] {
  return item === undefined ? [] : item.children.filter((child) => nameOf(child) === name);
}

/** The first element at a path below an item; the item itself where there is no path. */
export function below<Kind extends Of<Kind>>(item: Kind | undefined, ...path: readonly string[]): Kind | undefined {
  let found = item;
  for (const name of path) found = found?.children.find((child) => nameOf(child) === name);
  return found;
}

/** The value of an attribute; null where there is none. Trees have a prototype. */
export function valueOf(item: Pick<Item, 'attributes'> | undefined, name: string): string | null {
  return item !== undefined && Object.hasOwn(item.attributes, name) ? (item.attributes[name] ?? null) : null;
}

/** Attributes that say what prefixes mean are no values. */
export function isDeclaration(attribute: string): boolean {
  return attribute === 'xmlns' || attribute.startsWith('xmlns:');
}
