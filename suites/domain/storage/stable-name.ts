import { disksOf, isHardDisk } from '../../../src/domain/disks.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

/** What the kernel numbers in the order in which it finds it. */
const KERNEL_NAME =
  /^\/dev\/(?:(?:sd|hd|vd|xvd)[a-z]{1,3}\d{0,3}|nvme\d{1,4}n\d{1,4}(?:p\d{1,3})?|mmcblk\d{1,3}(?:p\d{1,3})?|dm-\d{1,5}|zd\d{1,6}(?:p\d{1,3})?)$/;

export default defineDomainRule({
  id: 'domain/storage/stable-name',
  title: 'A drive of the host is named by what it is, not by its number',
  severity: 'major',
  why: 'Names like /dev/sdc change with every drive that is added, or found earlier: the guest would write into another drive of the host.',
  sources: ['https://docs.kernel.org/admin-guide/devices.html', 'https://wiki.archlinux.org/title/Persistent_block_device_naming'],
  evaluate(document) {
    return disksOf(document)
      .filter((disk) => isHardDisk(disk) && disk.path?.startsWith('/dev/') === true)
      .map((disk) => {
        const path = disk.path ?? '';
        const spot = first(disk.element, 'source') ?? disk.element;
        if (!KERNEL_NAME.test(path)) return passAt(document, spot);
        return failAt(document, spot, `disk ${disk.name} is ${path}, a name that can mean another drive after the next boot`, {
          expected: 'a name under /dev/disk/by-id',
          remedy: {
            summary: 'Name the drive by one of its names under /dev/disk/by-id',
            steps: [{ text: 'its names, while it has this number', run: `find -L /dev/disk/by-id -samefile ${shellWord(path)}` }],
          },
          ...(disk.isReadOnly ? { severity: 'minor' as const } : {}),
        });
      });
  },
});
