import { chipsetOf } from '../../domain/machine-type.ts';
import type { XmlElement } from '../../domain/xml.ts';
import { el, type Tree } from '../tree.ts';
import { below, childrenOf, valueOf } from './item.ts';

/** What a spec says itself; everything else was made up for it, and follows what is there. */
export interface Explicit {
  readonly uuid: boolean;
  readonly nvram: boolean;
  /** Of each NIC, in the order of the definition: does the spec give its MAC address? */
  readonly macs: readonly boolean[];
}

/**
 * What is wanted, as the object that is there: its UUID (the TPM's state is kept under it), its NVRAM file, the MAC addresses of
 * its NICs and the version of its machine, unless the spec says otherwise.
 */
export function aligned(desired: Tree, live: XmlElement, explicit: Explicit): Tree {
  const uuid = explicit.uuid ? null : (below(live, 'uuid')?.text.trim() ?? null);
  const macs = desired.name === 'domain' ? macsFor(desired, live, explicit.macs) : new Map<Tree, string>();
  const address = desired.name === 'network' ? valueOf(below(live, 'mac'), 'address') : null;
  const children = desired.children.flatMap((child) => {
    if (child.name === 'uuid') return [uuid === null ? child : { ...child, text: uuid }];
    if (child.name === 'mac' && address !== null) return [withAttribute(child, 'address', address)];
    if (child.name === 'os') return [alignedOs(child, below(live, 'os'), explicit.nvram)];
    if (child.name !== 'devices') return [child];
    return [{ ...child, children: child.children.map((device) => withMac(device, macs.get(device))) }];
  });
  return { ...desired, children };
}

function withAttribute(tree: Tree, name: string, value: string): Tree {
  return { ...tree, attributes: { ...tree.attributes, [name]: value } };
}

function withMac(device: Tree, mac: string | undefined): Tree {
  if (mac === undefined) return device;
  const others = device.children.filter(({ name }) => name !== 'mac');
  return { ...device, children: [el('mac', { address: mac }), ...others] };
}

/** MAC addresses for the NICs that have none of their own: of the NIC with the same alias, or the next free one on the same network. */
function macsFor(desired: Tree, live: XmlElement, explicit: readonly boolean[]): ReadonlyMap<Tree, string> {
  const wanted = childrenOf(below(desired, 'devices'), 'interface');
  const free = new Set(childrenOf(below(live, 'devices'), 'interface'));
  const macs = new Map<Tree, string>();
  const given = new Set(wanted.flatMap((nic, index) => (explicit[index] === true ? [macOf(nic)] : [])));
  for (const nic of free) if (given.has(macOf(nic))) free.delete(nic);
  for (const isSame of [haveOneAlias, haveOneSource]) {
    wanted.forEach((nic, index) => {
      if (explicit[index] === true || macs.has(nic)) return;
      const partner = [...free].find((one) => macOf(one) !== '' && isSame(nic, one));
      if (partner === undefined) return;
      free.delete(partner);
      macs.set(nic, macOf(partner));
    });
  }
  return macs;
}

const macOf = (nic: Tree | XmlElement): string => valueOf(below<Tree | XmlElement>(nic, 'mac'), 'address')?.toLowerCase() ?? '';

function haveOneAlias(nic: Tree, live: XmlElement): boolean {
  const alias = valueOf(below(nic, 'alias'), 'name');
  return alias !== null && alias === valueOf(below(live, 'alias'), 'name');
}

function haveOneSource(nic: Tree, live: XmlElement): boolean {
  // One that has passcheck's alias belongs to another NIC of the spec, or to one that it had.
  if (valueOf(below(live, 'alias'), 'name')?.startsWith('ua-pc-') === true) return false;
  const [wanted, there] = [below(nic, 'source'), below(live, 'source')];
  return ['network', 'bridge'].some((name) => valueOf(wanted, name) !== null && valueOf(wanted, name) === valueOf(there, name));
}

function alignedOs(desired: Tree, live: XmlElement | undefined, isNvramGiven: boolean): Tree {
  if (live === undefined) return desired;
  const machine = valueOf(below(live, 'type'), 'machine');
  const nvram = below(live, 'nvram')?.text.trim() ?? '';
  const isUefi = valueOf(live, 'firmware') === 'efi' || valueOf(below(live, 'loader'), 'type') === 'pflash';
  const children = desired.children.flatMap((child) => {
    if (child.name === 'type') return [withMachine(child, machine)];
    if (child.name !== 'nvram' || isNvramGiven || !isUefi) return [child];
    // Without one, libvirt has chosen a file, and goes on with it only as long as none is named.
    return nvram === '' ? [] : [{ ...child, text: nvram }];
  });
  return { ...desired, children };
}

function withMachine(type: Tree, live: string | null): Tree {
  const wanted = valueOf(type, 'machine');
  const isAlias = wanted !== null && !/\d/.test(wanted.replace('q35', ''));
  return isAlias && live !== null && chipsetOf(live) === chipsetOf(wanted) ? withAttribute(type, 'machine', live) : type;
}
