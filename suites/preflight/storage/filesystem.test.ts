import { describe, expect, it } from 'vitest';

import type { Mount } from '../../../src/facts/mounts.ts';
import type { ImageFolder } from '../../../src/facts/storage.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './filesystem.ts';

const PATH = '/var/lib/libvirt/images';

function judge(mount: Partial<Mount> | null, noCopyOnWrite: Reading<boolean> = ABSENT) {
  const folder: ImageFolder = {
    path: PATH,
    source: 'libvirt’s default',
    existing: PATH,
    space: ok({ totalBytes: 1, availableBytes: 1 }),
    mount: mount === null ? null : { source: '/dev/sda2', target: '/', type: 'btrfs', options: ['rw', 'subvol=/@'], ...mount },
    noCopyOnWrite,
  };
  const judged = check.evaluate({
    storage: { images: [], folders: [folder], pools: ABSENT, domains: { ok: true, value: [] }, elsewhere: [] },
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

describe(check.id, () => {
  it.each(['ext4', 'xfs'])('passes on %s', (type) => {
    expect(judge({ type, options: ['rw'] })).toMatchObject({ status: 'pass', evidence: [{ source: PATH, observed: `${type} on /` }] });
  });

  it('Btrfs with the attribute C passes, and shows its subvolume', () => {
    expect(judge({}, ok(true))).toMatchObject({ status: 'pass', evidence: [{ observed: 'btrfs on /, subvolume /@, attribute C' }] });
  });

  it('Btrfs without it is named, with how to make the folder anew', () => {
    expect(judge({}, ok(false))).toMatchObject({
      status: 'fail',
      evidence: [{ source: PATH }],
      remedy: { steps: [{}, { run: `chattr +C ${PATH}` }] },
    });
  });

  it('Btrfs mounted without copy-on-write needs no attribute', () => {
    expect(judge({ options: ['rw', 'nodatacow'] }, unreadable('failed', 'x'))).toMatchObject({ status: 'pass' });
  });

  it('could not look: the attribute or the mounts are hidden', () => {
    expect(judge({}, unreadable('failed', 'lsattr is not installed'))).toMatchObject({ status: 'unknown' });
    expect(judge(null)).toMatchObject({ status: 'unknown', evidence: [{ source: '/proc/self/mounts' }] });
  });

  it('memory and FAT are no place for disks', () => {
    expect(judge({ type: 'tmpfs' })).toMatchObject({ status: 'fail', severity: 'major' });
    expect(judge({ type: 'vfat' })).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('ZFS passes with a word on its images', () =>
    expect(judge({ type: 'zfs' })).toMatchObject({ status: 'pass', message: expect.stringContaining('zvol') }));
});
