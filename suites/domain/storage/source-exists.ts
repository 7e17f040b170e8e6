import { disksOf, isHardDisk } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome, type Severity } from '../../../src/engine/outcome.ts';
import type { FileKind } from '../../../src/host/source.ts';
import { driveName, judgeSources, type Placed } from '../storage-source.ts';

export default defineDomainRule({
  id: 'domain/storage/source-exists',
  title: 'Every image and block device of the definition is there',
  severity: 'blocker',
  host: ['lintedDisks'],
  why: 'libvirt does not start a domain with an image that is not there; a missing disk that may be missing is left out without a word.',
  sources: ['https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms'],
  evaluate(document, { lintedDisks }) {
    return [...relative(document), ...judgeSources(document, lintedDisks, (placed) => judge(document, placed))];
  },
});

function relative(document: DomainDocument): readonly Outcome[] {
  return disksOf(document).flatMap((disk) => {
    if (disk.path === null || disk.path.startsWith('/')) return [];
    return [
      failAt(document, first(disk.element, 'source') ?? disk.element, `${driveName(disk)} names no absolute path`, {
        expected: 'a path from / on',
        remedy: xmlRemedy(document, 'Write the whole path of the image'),
      }),
    ];
  });
}

function judge(document: DomainDocument, { disk, path, spot, source: { stat, reach } }: Placed): readonly Outcome[] {
  // Who may not even come to it cannot be told whether it is there: domain/storage/source-readable says that.
  if (stat.state === 'unreadable') return reach?.state === 'blocked' ? [] : [couldNotLook(path, stat.detail, 'run passcheck as root')];
  if (stat.state === 'absent') return [missing(document, { disk, path, spot })];
  const wrong = wrongKind(disk.type, stat.value.kind);
  if (wrong === null) return [passAt(document, spot)];
  return [
    failAt(document, spot, `${driveName(disk)} is of the type ${disk.type}, and ${path.slice(-120)} is a ${wrong.is}`, {
      expected: wrong.wanted,
      evidence: [{ source: path, observed: wrong.is, expected: wrong.wanted }],
      remedy: xmlRemedy(document, wrong.summary),
    }),
  ];
}

function missing(document: DomainDocument, { disk, path, spot }: Omit<Placed, 'source'>): Outcome {
  const name = driveName(disk);
  const isOptional = disk.startupPolicy === 'optional';
  if (isOptional && !isHardDisk(disk)) return passAt(document, spot, `${path.slice(-120)} is not there, and may be missing`);
  const remedy = isHardDisk(disk)
    ? `Put the image back to ${path.slice(-120)}, or name the one that you have`
    : "Remove the <source>, name an image that is there, or write startupPolicy='optional' into it";
  const severity: { readonly severity?: Severity } = isOptional ? { severity: 'major' } : {};
  return failAt(
    document,
    spot,
    `${path.slice(-120)}, the image of ${name}, is not there${isOptional ? ', so the guest starts without it' : ''}`,
    {
      evidence: [{ source: path, observed: 'not there' }],
      remedy: xmlRemedy(document, remedy),
      ...severity,
    },
  );
}

interface WrongKind {
  readonly is: string;
  readonly wanted: string;
  readonly summary: string;
}

/** QEMU opens a regular file as type 'file', and a device as type 'block', and nothing else. */
function wrongKind(type: string, kind: FileKind): WrongKind | null {
  const isDevice = kind === 'block-device' || kind === 'character-device';
  const is = kind.replaceAll('-', ' ');
  if (type === 'file' && kind !== 'file') {
    const summary = isDevice ? "Write type='block' at the <disk>, and dev= instead of file= at its <source>" : 'Name the image itself';
    return { is, wanted: 'a regular file', summary };
  }
  if (type !== 'block' || isDevice) return null;
  const summary =
    kind === 'file' ? "Write type='file' at the <disk>, and file= instead of dev= at its <source>" : 'Name the block device itself';
  return { is: kind === 'file' ? 'regular file' : is, wanted: 'a block device', summary };
}
