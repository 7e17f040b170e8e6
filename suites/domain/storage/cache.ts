import { type Disk, disksOf, driverOption, driverSpot, isHardDisk, isIsoImage } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

/** Where the host's cache is between the guest and its data. */
const CACHED = new Set(['file', 'block', 'volume']);

export default defineDomainRule({
  id: 'domain/storage/cache',
  title: 'The guest’s writes wait for no more than they must',
  severity: 'major',
  why: 'writethrough and directsync flush after every single write; without a cache mode the host keeps a second copy of what the guest caches already.',
  sources: [
    'https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms',
    'https://www.qemu.org/docs/master/system/invocation.html',
  ],
  evaluate(document) {
    const disks = disksOf(document).filter((disk) => isHardDisk(disk) && !isIsoImage(disk) && !disk.isReadOnly && CACHED.has(disk.type));
    return disks.filter((disk) => !isSaidElsewhere(disk)).map((disk) => judge(document, disk));
  },
});

/** By domain/storage/cache-unsafe, and by domain/storage/io-native. */
function isSaidElsewhere(disk: Disk): boolean {
  const cache = driverOption(disk, 'cache');
  return cache === 'unsafe' || (driverOption(disk, 'io') === 'native' && cache !== 'none' && cache !== 'directsync');
}

function judge(document: DomainDocument, disk: Disk): Outcome {
  const cache = driverOption(disk, 'cache') ?? 'default';
  const spot = { element: driverSpot(disk), attribute: 'cache' };
  if (cache === 'none' || cache === 'writeback') return passAt(document, spot);
  const other = disk.type === 'block' ? '' : ", or cache='writeback' where its file system refuses that";
  const remedy = xmlRemedy(document, `Write cache='none' for disk ${disk.name}${other}`);
  const expected = "cache='none'";
  if (cache === 'default') {
    const message = `disk ${disk.name} has no cache mode, so the host caches it a second time`;
    return failAt(document, spot, message, { expected, remedy, severity: 'minor' });
  }
  if (cache === 'writethrough' || cache === 'directsync') {
    return failAt(document, spot, `disk ${disk.name} flushes after every write (cache='${cache}')`, { expected, remedy });
  }
  const message = `disk ${disk.name} has cache='${cache.slice(0, 40)}', which libvirt does not know`;
  return failAt(document, spot, message, { expected, remedy, severity: 'blocker' });
}
