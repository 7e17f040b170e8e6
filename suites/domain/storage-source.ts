import { type Disk, disksOf } from '../../src/domain/disks.ts';
import type { DomainDocument } from '../../src/domain/document.ts';
import { first, type XmlElement } from '../../src/domain/xml.ts';
import { couldNotLook, type Outcome } from '../../src/engine/outcome.ts';
import { type DiskSource, type LintedDisks, MAX_SOURCES } from '../../src/facts/linted-disks.ts';

/** A drive with a path, where it is written, and what lies there on the host. */
export interface Placed {
  readonly disk: Disk;
  readonly path: string;
  readonly spot: XmlElement;
  readonly source: DiskSource;
}

/** Judges each drive that names a path; those beyond what was looked at are never a pass. */
export function judgeSources(
  document: DomainDocument,
  { sources }: LintedDisks,
  judge: (placed: Placed) => readonly Outcome[],
): readonly Outcome[] {
  let isUnseen = false;
  const outcomes = disksOf(document).flatMap((disk) => {
    const { path } = disk;
    if (path === null || !path.startsWith('/') || disk.type === 'dir') return [];
    const source = sources.get(path);
    if (source === undefined) isUnseen = true;
    return source === undefined ? [] : judge({ disk, path, spot: first(disk.element, 'source') ?? disk.element, source });
  });
  if (!isUnseen) return outcomes;
  const reason = `only the first ${MAX_SOURCES} images of the definitions were looked at`;
  return [...outcomes, couldNotLook(document.label, reason, 'judge fewer domains at once')];
}

/** For messages: `CD-ROM drive sda`, `disk vda`. */
export function driveName({ device, name }: Disk): string {
  const kinds: Readonly<Record<string, string>> = { cdrom: 'CD-ROM drive', floppy: 'floppy drive', lun: 'LUN' };
  return `${kinds[device] ?? 'disk'} ${name}`;
}
