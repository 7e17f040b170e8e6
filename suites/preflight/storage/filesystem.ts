import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass, passWith } from '../../../src/engine/outcome.ts';
import type { ImageFolder } from '../../../src/facts/storage.ts';
import { shellWord } from '../../../src/remedy/shell-word.ts';

export default defineCheck({
  id: 'preflight/storage/filesystem',
  title: 'The file system of the disk images suits them',
  severity: 'info',
  needs: ['storage'],
  why: 'Disk images on a file system that copies on write fragment and slow the guest down; in a subvolume of their own, snapshots of the host leave them out.',
  sources: [
    'https://btrfs.readthedocs.io/en/latest/Swapfile.html',
    'https://man7.org/linux/man-pages/man1/chattr.1.html',
    'https://libvirt.org/formatstorage.html#target-elements',
  ],
  evaluate({ storage }) {
    return storage.folders.map((folder) => ({ subject: folder.path, outcome: judge(folder) }));
  },
});

function judge(folder: ImageFolder): Outcome {
  const { path, existing, mount } = folder;
  if (mount === null) return couldNotLook('/proc/self/mounts', 'what is mounted could not be read', `look at \`findmnt -T ${existing}\``);
  const evidence: Evidence = { source: existing, observed: describe(folder) };
  if (mount.type === 'btrfs') return judgeBtrfs(folder, evidence);
  if (['tmpfs', 'ramfs'].includes(mount.type)) {
    return fail(`${path} is in memory: its disk images are gone after a reboot`, {
      evidence: [{ ...evidence, expected: 'a file system on a disk' }],
      remedy: { summary: 'Keep the disk images on a disk' },
      severity: 'major',
    });
  }
  if (['vfat', 'msdos'].includes(mount.type)) {
    return fail(`${path} is on FAT, where no file can be larger than 4 GiB`, {
      evidence: [{ ...evidence, expected: 'ext4, XFS or Btrfs' }],
      remedy: { summary: 'Keep the disk images on a Linux file system' },
      severity: 'major',
    });
  }
  return mount.type === 'zfs' ? passWith('ZFS copies on write: raw images or zvols fit better than qcow2', evidence) : pass(evidence);
}

/** An image keeps the attribute that its folder had when it was made. */
function judgeBtrfs({ path, existing, mount, noCopyOnWrite }: ImageFolder, evidence: Evidence): Outcome {
  if (mount?.options.includes('nodatacow')) return pass(evidence);
  if (noCopyOnWrite.state !== 'ok') {
    const reason = noCopyOnWrite.state === 'absent' ? 'not asked' : noCopyOnWrite.detail;
    return couldNotLook(`lsattr -d ${existing}`, reason, `look at \`lsattr -d ${existing}\`: does it show a C?`);
  }
  if (noCopyOnWrite.value) return pass(evidence);
  return fail(`${path} is on Btrfs with copy-on-write: disk images there fragment`, {
    evidence: [{ ...evidence, expected: 'attribute C (No_COW), in a subvolume of its own' }],
    remedy: {
      summary: `While ${path} is empty, make it a subvolume without copy-on-write; images that exist must be copied into it anew`,
      steps: [{ run: `rmdir ${shellWord(path)} && btrfs subvolume create ${shellWord(path)}` }, { run: `chattr +C ${shellWord(path)}` }],
    },
  });
}

function describe({ mount, noCopyOnWrite }: ImageFolder): string {
  const subvolume = mount?.options.find((option) => option.startsWith('subvol='))?.slice('subvol='.length);
  const attribute = noCopyOnWrite.state === 'ok' ? [noCopyOnWrite.value ? 'attribute C' : 'no attribute C'] : [];
  return [
    `${mount?.type ?? 'unknown'} on ${mount?.target ?? '?'}`,
    ...(subvolume === undefined ? [] : [`subvolume ${subvolume}`]),
    ...attribute,
  ].join(', ');
}
