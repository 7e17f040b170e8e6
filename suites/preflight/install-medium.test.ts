import { describe, expect, it } from 'vitest';

import type { Media, Medium } from '../../src/facts/media.ts';
import { FactError } from '../../src/facts/fact-error.ts';
import type { QemuConf } from '../../src/facts/qemu-conf.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import { ABSENT, ok, unreadable } from '../../src/host/reading.ts';
import type { FileStat } from '../../src/host/source.ts';
import { judgeMedium, type MediumSpec } from './install-medium.ts';

const GIB = 1024 ** 3;
const SPEC: MediumSpec = { role: 'windows', name: 'Windows', minBytes: 3 * GIB, download: 'https://example.org' };
const PATH = '/var/lib/libvirt/iso/Win11.iso';

function aFile(size = 6 * GIB, given: Partial<FileStat> = {}): FileStat {
  return { kind: 'file', size, mode: 0o644, uid: 0, gid: 0, mtimeMs: 0, ...given };
}

function aMedium(given: Partial<Medium> = {}): Medium {
  return {
    path: PATH,
    role: 'windows',
    source: 'win11',
    stat: ok(aFile()),
    image: ok({ kind: 'iso', label: 'CCCOMA_X64FRE_EN-US_DV9', hasUdf: true, declaredBytes: 6 * GIB }),
    reach: { state: 'reachable' },
    ...given,
  };
}

const NO_ANSWER = { ok: false, error: new FactError({ source: 'virsh', reason: 'not there' }) } as const;

function judge(given: Partial<Media>, qemuConf: Attempt<QemuConf> = aConf(), spec = SPEC) {
  const media: Media = {
    configured: [],
    inserted: [],
    folder: '/var/lib/libvirt/iso',
    stored: ok([]),
    domains: { ok: true, value: [] },
    user: { ok: true, value: { name: 'libvirt-qemu', uid: 64_055, gids: [108] } },
    ...given,
  };
  return judgeMedium(spec, { media, qemuConf });
}

function aConf(settings: QemuConf['settings'] = []): Attempt<QemuConf> {
  return { ok: true, value: { path: '/etc/libvirt/qemu.conf', exists: true, settings, problem: null } };
}

const image = (given: Partial<Extract<Medium['image'], { state: 'ok' }>['value']>): Medium['image'] =>
  ok({ kind: 'iso', label: 'CCCOMA_X64FRE_EN-US_DV9', hasUdf: true, declaredBytes: null, ...given });

const one = (given: Partial<Medium>) => judge({ inserted: [aMedium(given)] });

const blocked = (at: string, mode: number): Medium['reach'] => ({ state: 'blocked', at, stat: aFile(1, { mode, uid: 1000, gid: 1000 }) });

describe('judgeMedium: which image', () => {
  it('misses none on Proxmox VE, whose VMs are not read, and judges what lies in its folder', () => {
    const folder = '/var/lib/vz/template/iso';
    expect(judge({ folder, stored: ABSENT })).toMatchObject({ status: 'not-applicable' });
    expect(judge({ folder, stored: ok([aMedium({ path: `${folder}/Win11.iso` })]) })).toMatchObject({ status: 'pass' });
    expect(judge({ folder, stored: ok([aMedium({ image: image({ kind: 'page' }) })]) })).toMatchObject({
      status: 'fail',
      remedy: { steps: [{ text: expect.stringContaining(folder) }] },
    });
  });

  it('takes what passcheck.yaml names before what the VM has inserted', () => {
    const configured = [aMedium({ path: '/srv/other.iso', source: 'passcheck.yaml' })];
    expect(judge({ configured, inserted: [aMedium()] })).toMatchObject({ status: 'pass', evidence: [{ source: '/srv/other.iso' }] });
  });

  it('a VM without the image in a drive counts as installed', () => {
    expect(judge({ domains: { ok: true, value: ['win11'] } })).toMatchObject({
      status: 'not-applicable',
      message: expect.stringContaining('win11'),
    });
  });

  it('while the Windows image is in a drive, virtio-win is still needed: from a drive or from the folder', () => {
    const virtio: MediumSpec = { ...SPEC, role: 'virtio', name: 'virtio-win', minBytes: 0 };
    const installing = { inserted: [aMedium()], domains: { ok: true, value: ['win11'] } } as const;
    const stored = ok([aMedium({ role: 'virtio', path: '/var/lib/libvirt/iso/v.iso', image: image({ label: 'virtio-win-0.1.266' }) })]);
    expect(judge({ ...installing, stored }, aConf(), virtio)).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/var/lib/libvirt/iso/v.iso' }],
    });
    expect(judge(installing, aConf(), virtio)).toMatchObject({ status: 'fail', message: 'there is no virtio-win image' });
    expect(judge({ ...installing, inserted: [] }, aConf(), virtio)).toMatchObject({ status: 'not-applicable' });
  });

  it('a VM whose image is gone does not start, whatever the image was called', () => {
    const inserted = [aMedium({ path: '/home/alice/disc.iso', role: 'other', stat: ABSENT, image: ABSENT, reach: null })];
    expect(judge({ inserted, domains: { ok: true, value: ['win11'] } })).toMatchObject({
      status: 'fail',
      message: '/home/alice/disc.iso, which win11 names, is not there',
    });
  });

  it('of several stored images one good is enough', () => {
    const cutOff = aMedium({ path: '/var/lib/libvirt/iso/Win10.iso', image: image({ declaredBytes: 7 * GIB }) });
    expect(judge({ stored: ok([cutOff, aMedium()]) })).toMatchObject({ status: 'pass', evidence: [{ source: PATH }] });
  });

  it('fails when there is none, and names what lies there', () => {
    expect(judge({ stored: ok([aMedium({ role: 'other', path: '/var/lib/libvirt/iso/debian.iso' })]) })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/var/lib/libvirt/iso', observed: 'debian.iso' }],
    });
    expect(judge({ stored: ABSENT })).toMatchObject({ status: 'fail', evidence: [{ observed: 'no .iso file' }] });
  });

  it('could not look when the folder or the VMs are hidden and nothing is found', () => {
    expect(judge({ stored: unreadable('denied', 'permission denied') })).toMatchObject({ status: 'unknown' });
    expect(judge({ domains: NO_ANSWER })).toMatchObject({ status: 'unknown', evidence: [{ source: 'virsh' }] });
    expect(judge({ domains: NO_ANSWER, stored: ok([aMedium()]) })).toMatchObject({ status: 'pass' });
  });
});

describe('judgeMedium: the image', () => {
  it('passes with label and size as evidence', () => {
    expect(one({})).toMatchObject({ status: 'pass', evidence: [{ source: PATH, observed: '6144 MiB, label CCCOMA_X64FRE_EN-US_DV9' }] });
  });

  it('knows a web page that was saved as an image', () => {
    expect(one({ stat: ok(aFile(40_000)), image: image({ kind: 'page' }) })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('web page'),
    });
  });

  it('knows an archive, an empty file and a folder', () => {
    expect(one({ image: image({ kind: 'other' }) })).toMatchObject({ status: 'fail', message: expect.stringContaining('no ISO image') });
    expect(one({ stat: ok(aFile(0)), image: image({ kind: 'other' }) })).toMatchObject({ status: 'fail', message: `${PATH} is empty` });
    expect(one({ stat: ok(aFile(0, { kind: 'directory' })) })).toMatchObject({ status: 'fail', message: `${PATH} is a folder` });
  });

  it('more than the padding less than its descriptors declare is cut off', () => {
    const padding = 150 * 2048;
    expect(one({ stat: ok(aFile(6 * GIB - padding)) })).toMatchObject({ status: 'pass' });
    expect(one({ stat: ok(aFile(6 * GIB - padding - 1)) })).toMatchObject({ status: 'fail', message: expect.stringContaining('cut off') });
  });

  it('the smallest that can be the real thing passes, a byte less fails', () => {
    expect(one({ stat: ok(aFile(3 * GIB)), image: image({}) })).toMatchObject({ status: 'pass' });
    expect(one({ stat: ok(aFile(3 * GIB - 1)), image: image({}) })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('too small'),
    });
  });

  it('passcheck.yaml may have mixed up the two images', () => {
    const configured = [aMedium({ image: image({ label: 'virtio-win-0.1.266' }) })];
    expect(judge({ configured })).toMatchObject({ status: 'fail', message: `${PATH} is a virtio-win image` });
  });

  it('an unknown label is no reason to fail', () => expect(one({ image: image({ label: 'TINY11' }) })).toMatchObject({ status: 'pass' }));

  it('a drive is not an image', () =>
    expect(one({ stat: ok(aFile(0, { kind: 'block-device' })) })).toMatchObject({ status: 'not-applicable' }));

  it('could not look into a hidden image', () => {
    expect(one({ image: unreadable('denied', 'permission denied') })).toMatchObject({ status: 'unknown', evidence: [{ source: PATH }] });
    expect(one({ stat: unreadable('not-recorded', 'not recorded') })).toMatchObject({ status: 'unknown' });
  });
});

describe('judgeMedium: QEMU’s user', () => {
  it('fails at a private home folder, and says how to let QEMU through', () => {
    expect(judge({ inserted: [aMedium({ reach: blocked('/home/alice', 0o700) })] })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/home/alice', observed: 'owner 1000:1000, mode 700' }],
      remedy: { steps: [{ run: 'setfacl -m u:libvirt-qemu:x /home/alice' }] },
    });
  });

  it('names a private folder even when passcheck itself may not look inside', () => {
    const hidden = { stat: unreadable('denied', 'permission denied'), image: unreadable('denied', 'permission denied') };
    expect(judge({ inserted: [aMedium({ ...hidden, reach: blocked('/root', 0o700) })] })).toMatchObject({ status: 'fail' });
  });

  it('a file that only its owner may read is handed over by libvirt', () => {
    const inserted = [aMedium({ reach: blocked(PATH, 0o600) })];
    expect(judge({ inserted })).toMatchObject({ status: 'pass' });
    expect(judge({ inserted }, aConf([{ name: 'dynamic_ownership', value: 0, line: 1 }]))).toMatchObject({
      status: 'fail',
      evidence: [{ source: PATH }],
    });
    expect(judge({ inserted }, NO_ANSWER)).toMatchObject({ status: 'unknown' });
  });

  it('could not look when the mode leaves it open, or the user is not known', () => {
    const reach = { state: 'unknown', at: '/home/alice', reason: 'getfacl is not installed' } as const;
    expect(judge({ inserted: [aMedium({ reach })] })).toMatchObject({ status: 'unknown', evidence: [{ source: '/home/alice' }] });
    expect(judge({ inserted: [aMedium({ reach: null })], user: NO_ANSWER })).toMatchObject({ status: 'unknown' });
  });

  it('an image that is cut off is said before an open question', () => {
    const reach = { state: 'unknown', at: '/home/alice', reason: 'getfacl is not installed' } as const;
    expect(judge({ inserted: [aMedium({ reach, stat: ok(aFile(GIB)) })] })).toMatchObject({ status: 'fail' });
  });

  it('without a user of QEMU there is nobody who could not read', () => {
    expect(judge({ inserted: [aMedium({ reach: null })], user: { ok: true, value: null } })).toMatchObject({ status: 'pass' });
  });
});
