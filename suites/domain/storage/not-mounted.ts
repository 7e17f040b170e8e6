import { isHardDisk } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome } from '../../../src/engine/outcome.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';
import { driveName, judgeSources, type Placed } from '../storage-source.ts';

export default defineDomainRule({
  id: 'domain/storage/not-mounted',
  title: 'The host has not mounted a drive that the guest writes',
  severity: 'blocker',
  host: ['lintedDisks'],
  why: 'Two systems that write into one file system do not know of each other, and destroy it.',
  sources: ['https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms'],
  evaluate(document, { lintedDisks }) {
    return judgeSources(document, lintedDisks, (placed) => judge(document, placed));
  },
});

function judge(document: DomainDocument, { disk, path, spot, source: { mountedAt, stat } }: Placed): readonly Outcome[] {
  if (!isHardDisk(disk) || disk.isReadOnly || stat.state !== 'ok' || stat.value.kind !== 'block-device') return [];
  if (mountedAt.state !== 'ok') {
    return [
      couldNotLook(path, mountedAt.state === 'absent' ? 'it vanished' : mountedAt.detail, `look at \`lsblk ${shellWord(path)}\` by hand`),
    ];
  }
  const [target] = mountedAt.value;
  if (target === undefined) return [passAt(document, spot)];
  const isRoot = mountedAt.value.includes('/');
  return [
    failAt(
      document,
      spot,
      `${driveName(disk)} is ${path.slice(-120)}, which the host has mounted at ${mountedAt.value.slice(0, 8).join(', ')}`,
      {
        evidence: [{ source: '/proc/self/mounts', observed: mountedAt.value.slice(0, 8).join(', '), expected: 'not mounted' }],
        remedy: isRoot
          ? { summary: 'Name another drive: the host itself runs from this one' }
          : {
              summary: 'Unmount it, and take it out of /etc/fstab',
              steps: mountedAt.value.slice(0, 8).map((folder) => ({ run: `umount ${shellWord(folder)}` })),
            },
      },
    ),
  ];
}
