import { parsePciAddress, pciAddressAttributes } from '../src/domain/pci-address.ts';

/** What a test writes of a `<hostdev>`; addresses as `01:00.0`. */
export interface HostdevParts {
  readonly source?: string;
  readonly guest?: string;
  /** Attributes of the guest's address. */
  readonly also?: string;
  readonly managed?: 'yes' | 'no';
  /** Further elements: `<rom file='…'/>`. */
  readonly inside?: string;
}

/** A PCI device of the host in a definition. */
export function aHostdev({ source = '01:00.0', guest, also = '', managed = 'yes', inside = '' }: HostdevParts = {}): string {
  const address = guest === undefined ? '' : `<address type='pci' ${attributesOf(guest)} ${also}/>`;
  return `<hostdev mode='subsystem' type='pci' managed='${managed}'><source><address ${attributesOf(source)}/></source>${inside}${address}</hostdev>`;
}

/** A controller of the guest, with the index of the bus that it makes. */
export function aPciController(index: number, model: string): string {
  return `<controller type='pci' index='${index}' model='${model}'/>`;
}

function attributesOf(text: string): string {
  const address = parsePciAddress(text);
  return address === null ? '' : pciAddressAttributes(address);
}
