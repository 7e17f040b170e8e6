import { windowsGuest } from '../../../src/domain/applies.ts';
import { disksOf } from '../../../src/domain/disks.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { roleOf } from '../../../src/facts/iso-image.ts';

export default defineDomainRule({
  id: 'domain/storage/install-media',
  title: 'The installed guest does not need its install images any more',
  severity: 'minor',
  why: 'A VM whose drive holds an image does not start once that image is deleted or moved.',
  sources: ['https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms'],
  wantsHost: ['lintedDisks'],
  applies: [windowsGuest],
  evaluate(document, { lintedDisks }) {
    const drives = disksOf(document).filter(({ device }) => device === 'cdrom');
    // An image that is gone is said by domain/storage/source-exists.
    const isGone = (path: string): boolean => lintedDisks.ok && lintedDisks.value.sources.get(path)?.stat.state === 'absent';
    const loaded = drives.filter(({ path }) => path !== null && roleOf(path, null) !== 'other' && !isGone(path));
    if (loaded.length === 0) return drives.length === 0 ? [] : passWithout(document, 'no install image in a CD-ROM drive');
    return loaded.map((drive) => {
      const spot = first(drive.element, 'source') ?? drive.element;
      if (drive.startupPolicy === 'optional') return passAt(document, spot, 'the guest starts without it, too');
      const what = roleOf(drive.path ?? '', null) === 'virtio' ? 'the virtio-win image' : 'the Windows image';
      return failAt(document, spot, `${what} is in the drive ${drive.name}`, {
        expected: 'an empty drive, once the guest is installed',
        remedy: xmlRemedy(document, "After the installation, remove this <source>, or write startupPolicy='optional' into it"),
      });
    });
  },
});
