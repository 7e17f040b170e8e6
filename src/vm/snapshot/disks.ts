import { isHardDisk, disksOf, driverOption, type Disk } from '../../domain/disks.ts';
import { attribute, first, type XmlElement } from '../../domain/xml.ts';
import type { Problem } from '../problem.ts';

/** Where the data of a disk is: a file, or a volume that libvirt knows the file of. */
export type DiskSource =
  | { readonly target: string; readonly path: string }
  | { readonly target: string; readonly pool: string; readonly volume: string };

/** What of a definition a snapshot is about, and what makes one impossible. */
export interface WrittenDisks {
  readonly disks: readonly DiskSource[];
  readonly problems: readonly Problem[];
}

/** The disks that keep what the guest writes. Drives, and disks that are read-only or forget, have nothing to go back to. */
export function writtenDisks(root: XmlElement): WrittenDisks {
  const written = disksOf({ root }).filter((disk) => !disk.isReadOnly && !disk.isTransient && (isHardDisk(disk) || disk.path !== null));
  const judged = written.map((disk) => judge(disk));
  const disks = judged.flatMap((one) => ('message' in one ? [] : [one]));
  const problems = judged.flatMap((one) => ('message' in one ? [one] : []));
  if (written.length > 0) return { disks, problems };
  return { disks, problems: [{ message: 'it has no disk of which a snapshot could be taken', fix: null }] };
}

function judge(disk: Disk): DiskSource | Problem {
  const { name, type, path, source, isShareable, element } = disk;
  const format = driverOption(disk, 'type') ?? 'raw';
  if (format !== 'qcow2')
    return { message: `${name} is ${format}: only qcow2 images hold a snapshot`, fix: 'Convert it: qemu-img convert -O qcow2' };
  if (isShareable) return { message: `${name} is shared with other VMs, which would lose what they wrote`, fix: null };
  const secret = first(element, 'encryption') ?? first(source, 'encryption');
  if (secret !== undefined) return { message: `${name} is encrypted: qemu-img would need its secret`, fix: null };
  if (type === 'file' && path !== null) return { target: name, path };
  const [pool, volume] = [attribute(source, 'pool'), attribute(source, 'volume')];
  if (type === 'volume' && pool !== null && volume !== null) return { target: name, pool, volume };
  return { message: `${name} is of type ${type}: only image files hold a snapshot`, fix: null };
}
