import { disksOf, isHardDisk, isIsoImage } from '../../../src/domain/disks.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/storage/iso-as-disk',
  title: 'ISO images are in CD-ROM drives',
  severity: 'minor',
  why: 'Windows does not read an ISO image that it is shown as a hard disk: it offers to initialise the disk, which overwrites the image.',
  sources: ['https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms'],
  evaluate: (document) =>
    disksOf(document)
      .filter(isIsoImage)
      .map((disk) => {
        const { element, name } = disk;
        const spot = { element, attribute: 'device' };
        if (!isHardDisk(disk) || disk.isReadOnly) return passAt(document, spot);
        return failAt(document, spot, `the ISO image in ${name} is shown to the guest as a hard disk that it may write`, {
          expected: "device='cdrom'",
          remedy: xmlRemedy(document, `Write device='cdrom' at the <disk> of ${name}, on bus='sata'`),
        });
      }),
});
