import { disksOf, storageKey } from './disks.ts';
import type { DomainDocument } from './document.ts';
import { exclusiveDevices } from './host-devices.ts';
import { perRoot } from './per-root.ts';

type Root = Pick<DomainDocument, 'root'>;

/** Are both given one device of the host, or one slice of it? libvirt starts only one of them then. */
export function shareDevice(one: Root, other: Root): boolean {
  return meet(devicesOf(one), devicesOf(other));
}

/** Do both have a device, or write an image (QEMU locks it), that only one can have? They never run at the same time then. */
export function areRivals(one: Root, other: Root): boolean {
  return shareDevice(one, other) || meet(writtenImages(one), writtenImages(other));
}

const devicesOf = perRoot((root): ReadonlySet<string> => new Set(exclusiveDevices({ root }).map(({ id }) => id)));

const writtenImages = perRoot((root): ReadonlySet<string> => {
  const written = disksOf({ root }).filter((disk) => !disk.isReadOnly && !disk.isShareable && !disk.isTransient);
  return new Set(written.flatMap((disk) => storageKey(disk, (path) => path) ?? []));
});

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const key of one) if (other.has(key)) return true;
  return false;
}
