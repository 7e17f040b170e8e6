import { describe, expect, it } from 'vitest';

import { DEBIAN } from '../../../test/facts.ts';
import { aPool, someHugepages } from '../../../test/host-facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { type Mount, parseMounts } from '../../../src/facts/mounts.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import { parseLibvirtConf } from '../../../src/libvirt/conf.ts';
import check from './hugepages-mounted.ts';

const GIB = 1024 * 1024;
const SMALL = parseMounts('hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0\n');
const BOTH = [...SMALL, ...parseMounts('hugetlbfs /dev/hugepages1G hugetlbfs rw,relatime,pagesize=1024M 0 0\n')];
const conf = (text: string): Attempt<QemuConf> => ({
  ok: true,
  value: { path: '/etc/libvirt/qemu.conf', exists: true, ...parseLibvirtConf(text) },
});
const HIDDEN = {
  ok: false,
  error: new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'permission denied', hint: 'run as root' }),
} as const;

interface Given {
  readonly sizesKiB?: readonly number[];
  readonly reserved?: number;
  readonly mounts?: readonly Mount[];
  readonly qemuConf?: Attempt<QemuConf>;
}

function judge({ sizesKiB, reserved = 0, mounts = SMALL, qemuConf = conf('') }: Given): Outcome {
  const pool = aPool(reserved);
  const demand = { domain: 'win11', pool, needKiB: 0, besideKiB: 0, heldKiB: 0, place: { state: 'any' } } as const;
  const judged = check.evaluate({
    hugepages: someHugepages([pool]),
    hugepageDemand: { domains: sizesKiB === undefined ? [] : [{ ...demand, sizesKiB }], missing: [], place: { state: 'any' } },
    mounts,
    qemuConf,
    platform: { ok: true, value: DEBIAN },
    libvirt: HIDDEN,
  });
  if (!('status' in judged)) throw new TypeError('one outcome expected');
  return judged;
}

describe(check.id, () => {
  it('passes when the size is mounted', () => {
    expect(judge({ sizesKiB: [2048] })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/proc/self/mounts', observed: 'hugetlbfs /dev/hugepages (2 MiB)' }],
    });
  });

  it('fails when another size is mounted', () => {
    expect(judge({ sizesKiB: [GIB] })).toMatchObject({
      status: 'fail',
      message: 'no hugetlbfs with pages of 1024 MiB is mounted',
      evidence: [{ source: '/proc/self/mounts', expected: 'one with pages of 1024 MiB' }],
      remedy: { steps: [{}, {}, { run: 'mount /dev/hugepages1G' }, { run: 'systemctl restart libvirtd' }] },
    });
    expect(judge({ sizesKiB: [GIB], mounts: BOTH })).toMatchObject({ status: 'pass' });
  });

  it('takes a mount that does not say its size for the default size', () => {
    expect(judge({ sizesKiB: [2048], mounts: parseMounts('none /hugepages hugetlbfs rw 0 0') })).toMatchObject({ status: 'pass' });
  });

  it('fails when nothing is mounted', () => {
    expect(judge({ sizesKiB: [2048], mounts: [] })).toMatchObject({ status: 'fail', evidence: [{ observed: 'no hugetlbfs' }] });
  });

  it('judges the sizes that are reserved before a VM is defined', () => {
    expect(judge({ reserved: 1, mounts: [] })).toMatchObject({ status: 'fail' });
  });

  it('is not applicable when nobody asks and none are reserved', () => {
    expect(judge({ mounts: [] })).toMatchObject({ status: 'not-applicable' });
    expect(judge({ sizesKiB: [], mounts: [] })).toMatchObject({ status: 'not-applicable' });
  });

  it('fails when qemu.conf switches hugepages off or names another folder', () => {
    for (const text of ['hugetlbfs_mount = ""', 'hugetlbfs_mount = ["/dev/other"]']) {
      expect(judge({ sizesKiB: [2048], qemuConf: conf(text) })).toMatchObject({
        status: 'fail',
        evidence: [{ source: '/etc/libvirt/qemu.conf' }, {}],
      });
    }
  });

  it('passes when qemu.conf names the folder', () => {
    for (const text of ['hugetlbfs_mount = "/dev/hugepages"', 'hugetlbfs_mount = ["/dev/hugepages/", "/dev/other"]']) {
      expect(judge({ sizesKiB: [2048], qemuConf: conf(text) })).toMatchObject({ status: 'pass' });
    }
  });

  it('could not look when qemu.conf is hidden', () => {
    expect(judge({ sizesKiB: [2048], qemuConf: HIDDEN })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/etc/libvirt/qemu.conf' }],
    });
  });

  it('is an error when the mounts cannot be read', async () => {
    expect(await judgeOne(check, {})).toMatchObject({ status: 'error' });
  });
});
