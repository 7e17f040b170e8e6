import { describe, expect, it } from 'vitest';

import type { DiskImage, ImageFolder, Storage } from '../../../src/facts/storage.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import check from './space.ts';

const GIB = 1024 ** 3;

function aFolder(freeGiB: number, given: Partial<ImageFolder> = {}): ImageFolder {
  return {
    path: '/var/lib/libvirt/images',
    source: 'win11',
    existing: '/var/lib/libvirt/images',
    space: ok({ totalBytes: 1000 * GIB, availableBytes: freeGiB * GIB }),
    mount: { source: '/dev/sda2', target: '/', type: 'ext4', options: [] },
    noCopyOnWrite: ABSENT,
    ...given,
  };
}

function anImage(given: Partial<DiskImage> = {}): DiskImage {
  return {
    domain: 'win11',
    path: '/var/lib/libvirt/images/win11.qcow2',
    format: 'qcow2',
    fileBytes: ok(28 * GIB),
    guestBytes: ok(128 * GIB),
    ...given,
  };
}

function judge(given: Partial<Storage>) {
  return check.evaluate({
    storage: { images: [], folders: [aFolder(500)], pools: ABSENT, domains: { ok: true, value: [] }, elsewhere: [], ...given },
  });
}

describe(check.id, () => {
  it('exactly the room that the disk may still take is enough, a byte less is not', () => {
    expect(judge({ images: [anImage()], folders: [aFolder(100)] })).toMatchObject({
      status: 'pass',
      evidence: [{ observed: '100 GiB free' }],
    });
    expect(judge({ images: [anImage({ fileBytes: ok(28 * GIB - 1) })], folders: [aFolder(100)] })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/var/lib/libvirt/images' }],
    });
  });

  it('disks in two folders of one file system share its room', () => {
    const folders = [aFolder(150), aFolder(150, { path: '/srv' })];
    const images = [anImage(), anImage({ path: '/srv/data.qcow2' })];
    expect(judge({ images, folders })).toMatchObject({ status: 'fail', message: expect.stringContaining('200 GiB') });
    const apart = [aFolder(150), aFolder(150, { path: '/srv', mount: { source: 'x', target: '/srv', type: 'xfs', options: [] } })];
    expect(judge({ images, folders: apart })).toMatchObject({ status: 'pass', evidence: [{}, { source: '/srv' }] });
    expect(judge({ images, folders: folders.map((folder) => ({ ...folder, mount: null })) })).toMatchObject({ status: 'fail' });
  });

  it('a raw image does not grow, one larger than the guest sees needs nothing', () => {
    expect(judge({ images: [anImage({ format: 'raw', fileBytes: ok(128 * GIB) })], folders: [aFolder(0)] })).toMatchObject({
      status: 'pass',
    });
    expect(judge({ images: [anImage({ fileBytes: ok(200 * GIB) })], folders: [aFolder(0)] })).toMatchObject({ status: 'pass' });
  });

  it('an image that is not there yet counts as a new guest', () => {
    const images = [anImage({ fileBytes: ABSENT, guestBytes: ABSENT })];
    expect(judge({ images, folders: [aFolder(64)] })).toMatchObject({ status: 'pass' });
    expect(judge({ images, folders: [aFolder(63)] })).toMatchObject({ status: 'fail' });
  });

  it('without a VM, room for Windows 11: 64 GiB and no less', () => {
    expect(judge({ folders: [aFolder(64)] })).toMatchObject({ status: 'pass' });
    const folder = aFolder(0, { space: ok({ totalBytes: 100 * GIB, availableBytes: 64 * GIB - 1 }) });
    expect(judge({ folders: [folder] })).toMatchObject({ status: 'fail', message: expect.stringContaining('63.9 GiB free') });
  });

  it('a VM on a drive of its own needs no room here', () => {
    expect(judge({ domains: { ok: true, value: ['win11'] }, folders: [aFolder(1)] })).toMatchObject({ status: 'not-applicable' });
  });

  it('a disk that is named by its pool leaves the question open, unless another has no room', () => {
    expect(judge({ elsewhere: ['win11'] })).toMatchObject({ status: 'unknown', evidence: [{ source: 'virsh dumpxml win11' }] });
    expect(judge({ elsewhere: ['win11'], images: [anImage()], folders: [aFolder(1)] })).toMatchObject({ status: 'fail' });
  });

  it('one of several pools is enough', () => {
    expect(judge({ folders: [aFolder(3), aFolder(80, { path: '/data' })] })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/data' }],
    });
  });

  it('could not look at a hidden image, hidden space or hidden pools', () => {
    const hidden = unreadable('denied', 'permission denied');
    expect(judge({ images: [anImage({ guestBytes: hidden })] })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/var/lib/libvirt/images/win11.qcow2' }],
    });
    expect(judge({ images: [anImage()], folders: [aFolder(1, { space: hidden })] })).toMatchObject({ status: 'unknown' });
    expect(judge({ folders: [aFolder(1, { space: hidden })] })).toMatchObject({ status: 'unknown' });
    expect(judge({ pools: hidden, folders: [aFolder(3)] })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: 'the storage pools of libvirt' }],
    });
  });
});
