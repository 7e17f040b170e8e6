import { type Disk, disksOf, driverOption, driverSpot, isHardDisk, isIsoImage } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';

/** Where space can be given back. */
const OWN_SPACE = new Set(['file', 'block', 'volume']);

export default defineDomainRule({
  id: 'domain/storage/discard',
  title: 'What the guest deletes is free on the host, too',
  severity: 'minor',
  why: "Without discard='unmap' an image only ever grows, and an SSD is never told which blocks are free.",
  sources: ['https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms'],
  evaluate(document) {
    return disksOf(document)
      .filter((disk) => isHardDisk(disk) && !isIsoImage(disk) && !disk.isReadOnly && !disk.isTransient && OWN_SPACE.has(disk.type))
      .map((disk) => judge(document, disk));
  },
});

function judge(document: DomainDocument, disk: Disk): Outcome {
  const discard = driverOption(disk, 'discard');
  const spot = { element: driverSpot(disk), attribute: 'discard' };
  if (discard === 'unmap') return passAt(document, spot);
  const remedy = xmlRemedy(
    document,
    `Write discard='unmap' at the <driver> of disk ${disk.name}${disk.type === 'block' ? ', if it is an SSD' : ''}`,
  );
  const expected = "discard='unmap'";
  if (driverOption(disk, 'detect_zeroes') === 'unmap') {
    const zeroes = { element: driverSpot(disk), attribute: 'detect_zeroes' };
    return failAt(document, zeroes, `disk ${disk.name} has detect_zeroes='unmap', which frees nothing without discard='unmap'`, {
      expected,
      remedy,
    });
  }
  if (discard === 'ignore') return passAt(document, spot, `disk ${disk.name} keeps what the guest deletes on purpose`);
  if (discard !== null) {
    const message = `disk ${disk.name} has discard='${discard.slice(0, 40)}', which libvirt does not know`;
    return failAt(document, spot, message, { expected, remedy, severity: 'blocker' });
  }
  const { os, because } = document.guest;
  if (os !== 'windows' && os !== 'linux') return notApplicable(`the guest may never say what it deletes (${because})`);
  return failAt(document, spot, `disk ${disk.name} never gives back what the guest deletes`, { expected, remedy });
}
