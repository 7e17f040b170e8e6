import { bootClassOf, bootDevices, osBootElements } from '../../../src/domain/boot-order.ts';
import { type Disk, disksOf } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/storage/cd-first',
  title: 'The installed system boots before a CD-ROM drive with an image in it',
  severity: 'minor',
  why: 'With an install image in a drive that comes first, every start asks for a key, or begins to install again.',
  sources: ['https://libvirt.org/formatdomain.html#operating-system-booting'],
  evaluate(document) {
    const drives = disksOf(document);
    const loaded = drives.find(({ device, path }) => device === 'cdrom' && path !== null);
    const sequence = bootSequence(document, drives);
    const [first] = sequence;
    if (loaded === undefined || first === undefined) return [];
    const isLoaded = first.kind === 'cdrom' && (first.drive === null || first.drive.path !== null);
    if (!isLoaded || !sequence.some(({ kind }) => kind === 'hd' || kind === 'hostdev')) return passAt(document, first.spot);
    const drive = first.drive ?? loaded;
    return failAt(document, first.spot, `the CD-ROM drive ${drive.name} boots first, with ${fileName(drive)} in it`, {
      expected: 'the disk first, once the guest is installed',
      remedy: xmlRemedy(document, 'After the installation, let the disk boot first, or take the image out of the drive'),
    });
  },
});

interface Place {
  readonly spot: XmlElement;
  readonly kind: string;
  /** The drive whose order it is; null: the first of its kind. */
  readonly drive: Disk | null;
}

function bootSequence(document: DomainDocument, drives: readonly Disk[]): readonly Place[] {
  const own = bootDevices(document).toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  if (own.length === 0) return osBootElements(document).map((spot) => ({ spot, kind: attribute(spot, 'dev') ?? '', drive: null }));
  const byElement = new Map(drives.map((drive) => [drive.element, drive]));
  return own.map(({ device, boot }) => ({ spot: boot, kind: bootClassOf(device), drive: byElement.get(device) ?? null }));
}

function fileName({ path }: Disk): string {
  return (path ?? '').slice((path ?? '').lastIndexOf('/') + 1).slice(-80);
}
