import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { type Disk, disksOf, driverOption, driverSpot, isHardDisk } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { roleOf } from '../../../src/facts/iso-image.ts';

export default defineDomainRule({
  id: 'domain/storage/cache-unsafe',
  title: 'What the guest has saved is on the disk',
  severity: 'blocker',
  why: 'With cache=unsafe the guest is told that its data is saved when it is not: a host that crashes, hangs on a GPU or loses power leaves a broken file system.',
  sources: [
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
    'https://www.qemu.org/docs/master/system/invocation.html',
  ],
  evaluate(document) {
    const disks = disksOf(document);
    const kept = disks.filter((disk) => isHardDisk(disk) && !disk.isReadOnly && !disk.isTransient);
    const unsafe = kept.filter((disk) => driverOption(disk, 'cache') === 'unsafe');
    if (kept.length === 0) return [];
    if (unsafe.length === 0) return passWithout(document, "no disk with cache='unsafe'");
    const lower = whyLower(document, disks);
    return unsafe.map((disk) =>
      failAt(document, { element: driverSpot(disk), attribute: 'cache' }, `disk ${disk.name} ignores the guest's flushes${lower ?? ''}`, {
        expected: "cache='none' or cache='writeback'",
        remedy: xmlRemedy(document, `Write cache='none', or cache='writeback', for disk ${disk.name}`),
        ...(lower === null ? {} : { severity: 'major' as const }),
      }),
    );
  },
});

/** Nothing is lost while the system is being installed, and a guest without a GPU is more often made to be thrown away. */
function whyLower(document: DomainDocument, disks: readonly Disk[]): string | null {
  const isInstalling = disks.some(({ device, path }) => device === 'cdrom' && path !== null && roleOf(path, null) === 'windows');
  if (isInstalling) return ' (good enough only while Windows is being installed)';
  return passesDeviceThrough(document) === null ? null : '';
}
