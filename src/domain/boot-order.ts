import type { DomainDocument } from './document.ts';
import { perRoot } from './per-root.ts';
import { wholeNumber } from './whole-number.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** The words of `<boot dev='…'/>`. */
type BootClass = 'hd' | 'cdrom' | 'network' | 'fd';

/** A device with a `<boot order='…'/>` of its own. */
export interface BootDevice {
  /** The disk, interface, hostdev or redirdev. */
  readonly device: XmlElement;
  readonly boot: XmlElement;
  /** Null when it is no number that libvirt takes: it has to be 1 or more. */
  readonly order: number | null;
  /** A host device may be a drive or a network card. */
  readonly bootClass: BootClass | 'hostdev';
}

/** The kinds of devices whose order libvirt reads. src/conf/domain_conf.c, VIR_DOMAIN_DEF_PARSE_ALLOW_BOOT */
const BOOTABLE = new Set(['disk', 'interface', 'hostdev', 'redirdev']);

/** Devices with an order of their own, as written. */
export const bootDevices = perRoot((root): readonly BootDevice[] =>
  (first(root, 'devices')?.children ?? []).flatMap((device) => {
    const boot = device.namespace === '' && BOOTABLE.has(device.name) ? first(device, 'boot') : undefined;
    if (boot === undefined) return [];
    return [{ device, boot, order: wholeNumber(attribute(boot, 'order')) || null, bootClass: bootClassOf(device) }];
  }),
);

/** The `<boot dev='…'/>` of `<os>`: kinds of devices in the order in which they are tried. */
export function osBootElements({ root }: Pick<DomainDocument, 'root'>): readonly XmlElement[] {
  return all(root, 'os', 'boot').filter((boot) => attribute(boot, 'dev') !== null);
}

/** Which word of `<boot dev>` means a device. */
export function bootClassOf(device: XmlElement): BootDevice['bootClass'] {
  if (device.name === 'interface') return 'network';
  if (device.name !== 'disk') return 'hostdev';
  const kind = attribute(device, 'device') ?? 'disk';
  if (kind === 'cdrom') return 'cdrom';
  return kind === 'floppy' ? 'fd' : 'hd';
}

/**
 * The disk that the installed system boots from, as far as the definition tells: the first by order, else the first that is
 * written. Null: there is none, or a host device (an NVMe drive) boots.
 */
export function systemDisk<D extends { readonly element: XmlElement; readonly device: string }>(
  document: Pick<DomainDocument, 'root'>,
  disks: readonly D[],
): D | null {
  const own = bootDevices(document).filter(({ bootClass }) => bootClass === 'hd' || bootClass === 'hostdev');
  const sorted = own.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  const [boots] = sorted;
  if (boots !== undefined) return disks.find(({ element }) => element === boots.device) ?? null;
  return disks.find(({ element, device }) => bootClassOf(element) === 'hd' && device !== 'floppy') ?? null;
}
