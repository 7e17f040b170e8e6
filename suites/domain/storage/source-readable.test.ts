import { describe, expect, it } from 'vitest';

import { judgeOneDomain, NO_HOST_FACT } from '../../../test/domain-rule.ts';
import { aConfig } from '../../../test/facts.ts';
import { aDiskSource, aStat, someLintedDisks } from '../../../test/linted-disks.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import { parseLibvirtConf } from '../../../src/libvirt/conf.ts';
import rule from './source-readable.ts';

const DEVICES = "<disk type='file'><source file='/home/jane/a.img'/><target dev='vda'/></disk>";
const conf = (text: string) => ({ ok: true as const, value: { path: '/etc/libvirt/qemu.conf', exists: true, ...parseLibvirtConf(text) } });
const config = (connection: 'qemu:///system' | 'qemu:///session' = 'qemu:///system') => ({
  ok: true as const,
  value: aConfig({ connection }),
});
const on = (source: Parameters<typeof aDiskSource>[1], given = {}) => ({
  lintedDisks: someLintedDisks([aDiskSource('/home/jane/a.img', source)]),
  qemuConf: conf(''),
  config: config(),
  ...given,
});
const blockedAt = (at: string) => ({ reach: { state: 'blocked' as const, at, stat: aStat({ mode: 0o700, uid: 1000, gid: 1000 }) } });

describe(rule.id, () => {
  it('passes an image that QEMU’s user can come to', () => {
    expect(judgeOneDomain(rule, { devices: DEVICES }, on({}))).toMatchObject({ status: 'pass' });
  });

  it('is a blocker when a folder on the way is closed', () => {
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(blockedAt('/home/jane')))).toMatchObject({
      status: 'fail',
      message: 'libvirt-qemu, whom QEMU runs as, may not pass /home/jane (disk vda)',
      evidence: [{}, { source: '/home/jane', observed: 'owner 1000:1000, mode 700', expected: 'x for libvirt-qemu' }],
      remedy: { steps: [{ run: 'setfacl -m u:libvirt-qemu:x /home/jane' }] },
    });
  });

  it('passes a file that libvirt hands over at start, and not where it may not', () => {
    const closed = blockedAt('/home/jane/a.img');
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(closed))).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(closed, { qemuConf: conf('dynamic_ownership = 0') }))).toMatchObject({
      status: 'fail',
    });
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(closed, { config: config('qemu:///session') }))).toMatchObject({ status: 'fail' });
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(closed, { qemuConf: NO_HOST_FACT }))).toMatchObject({
      status: 'unknown',
      severity: 'minor',
    });
  });

  it('knows labels that the definition gives', () => {
    const closed = blockedAt('/home/jane/a.img');
    const kept = DEVICES.replace("/a.img'/>", "/a.img'><seclabel model='dac' relabel='no'/></source>");
    expect(judgeOneDomain(rule, { devices: kept }, on(closed))).toMatchObject({ status: 'fail' });
    const body = "<seclabel type='static' model='dac' relabel='no'><label>+0:+0</label></seclabel>";
    expect(judgeOneDomain(rule, { body, devices: DEVICES }, on(blockedAt('/home/jane')))).toMatchObject({ status: 'not-applicable' });
  });

  it('is a blocker when the image that it is built on is out of reach', () => {
    const backing = [{ path: '/root/base.qcow2', stat: ok(aStat()), ...blockedAt('/root') }];
    expect(judgeOneDomain(rule, { devices: DEVICES }, on({ backing }))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('may not pass /root'),
    });
  });

  it('could not look where an access list is not shown, or the user is not known', () => {
    const reach = { state: 'unknown' as const, at: '/home/jane', reason: 'getfacl is not installed' };
    expect(judgeOneDomain(rule, { devices: DEVICES }, on({ reach }))).toMatchObject({ status: 'unknown' });
    const error = new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'denied' });
    const lintedDisks = someLintedDisks([], { user: { ok: false, error } });
    expect(judgeOneDomain(rule, { devices: DEVICES }, on({}, { lintedDisks }))).toMatchObject({ status: 'unknown' });
  });

  it('says nothing without libvirt, and of an image that is not there', () => {
    const lintedDisks = someLintedDisks([], { user: { ok: true, value: null } });
    expect(judgeOneDomain(rule, { devices: DEVICES }, on({}, { lintedDisks }))).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: DEVICES }, on({ stat: ABSENT, reach: null }))).toMatchObject({ status: 'not-applicable' });
  });
});
