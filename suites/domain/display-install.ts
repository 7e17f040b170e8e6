import type { DomainDocument } from '../../src/domain/document.ts';
import { all, attribute, first, type XmlElement } from '../../src/domain/xml.ts';

/** A CD that is no disc of drivers is in the drive: somebody installs, or has just done so. */
export function installMedium(document: DomainDocument): XmlElement | null {
  const drives = all(document.root, 'devices', 'disk').filter((disk) => attribute(disk, 'device') === 'cdrom');
  const medium = drives
    .flatMap((drive) => first(drive, 'source') ?? [])
    .find((source) => {
      const path = attribute(source, 'file') ?? attribute(source, 'dev') ?? attribute(source, 'volume') ?? attribute(source, 'name') ?? '';
      return path !== '' && !/virtio-win|virtio[-_.]|spice-guest-tools/i.test(path);
    });
  return medium ?? null;
}
