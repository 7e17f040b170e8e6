import { isHardDisk } from '../../../src/domain/disks.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotLook, type Outcome, type Remedy } from '../../../src/engine/outcome.ts';
import { SWAP } from '../../../src/facts/block-device-users.ts';
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
  const used = mountedAt.value.slice(0, 8);
  const how = used.every((use) => use === SWAP) ? 'uses as swap' : `has mounted at ${used.join(', ')}`;
  return [
    failAt(document, spot, `${driveName(disk)} is ${path.slice(-120)}, which the host ${how}`, {
      evidence: [{ source: '/proc/self/mounts, /proc/swaps', observed: used.join(', '), expected: 'not used by the host' }],
      remedy: remedyFor(used),
    }),
  ];
}

function remedyFor(used: readonly string[]): Remedy {
  if (used.includes('/')) return { summary: 'Name another drive: the host itself runs from this one' };
  return {
    summary: 'Stop using it on the host, and take it out of /etc/fstab',
    steps: used.map((use) => ({ run: use === SWAP ? 'swapoff --all' : `umount ${shellWord(use)}` })),
  };
}
