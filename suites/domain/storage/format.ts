import { driverOption } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type Edit, insertChild, setAttribute } from '../../../src/domain/edit.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome } from '../../../src/engine/outcome.ts';
import type { ImageFormat } from '../../../src/facts/image-format.ts';
import { driveName, judgeSources, type Placed } from '../storage-source.ts';

/** Formats that every image of theirs shows in its first bytes; a fixed VHD does not. */
const KNOWN = new Set(['raw', 'qcow2', 'qcow', 'qed', 'vmdk', 'vdi', 'vhdx']);

export default defineDomainRule({
  id: 'domain/storage/format',
  title: 'Every image is of the format that its driver says',
  severity: 'blocker',
  host: ['lintedDisks'],
  why: 'A qcow2 image that is opened as raw shows the guest the container instead of its disk, and what the guest writes destroys it; other mistakes keep the domain from starting.',
  sources: ['https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms', 'https://www.qemu.org/docs/master/interop/qcow2.html'],
  evaluate(document, { lintedDisks }) {
    return judgeSources(document, lintedDisks, (placed) => judge(document, placed));
  },
});

function judge(document: DomainDocument, { disk, path, spot, source: { stat, format, formatFrom } }: Placed): readonly Outcome[] {
  if (stat.state !== 'ok' || stat.value.kind !== 'file') return [];
  // Without a type libvirt says raw: it does not guess, because a guest could write itself another header.
  const declared = driverOption(disk, 'type') ?? 'raw';
  if (!KNOWN.has(declared)) return [];
  if (format.state !== 'ok')
    return [couldNotLook(path, format.state === 'absent' ? 'it vanished' : format.detail, 'run passcheck as root')];
  const at = disk.driver === undefined ? spot : { element: disk.driver, attribute: 'type' };
  if (format.value === declared) return [passAt(document, at)];
  const opened = driverOption(disk, 'type') === null ? 'without a type, so as raw' : `as ${declared}`;
  return [
    failAt(document, at, `${driveName(disk)} is opened ${opened}, and ${path.slice(-120)} is ${format.value}`, {
      expected: `type='${format.value}'`,
      evidence: [{ source: formatFrom, observed: format.value, expected: declared }],
      remedy: xmlRemedy(document, `Write type='${format.value}' at the <driver> of ${driveName(disk)}`),
      edits: declared === 'raw' ? [correct(document, disk, format.value)] : [],
    }),
  ];
}

/** What is opened as raw and begins with the header of a format has never been used as raw: the guest would have overwritten it. */
function correct(document: DomainDocument, { element, driver }: Placed['disk'], format: ImageFormat): Edit {
  if (driver === undefined) return insertChild(document, element, `<driver name='qemu' type='${format}'/>`);
  return setAttribute(document, driver, 'type', format);
}
