import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import { aDiskSource, aStat, someLintedDisks } from '../../../test/linted-disks.ts';
import { MAX_SOURCES } from '../../../src/facts/linted-disks.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import rule from './source-exists.ts';

const disk = (path: string, attributes = '', policy = ''): string =>
  `<disk type='file' ${attributes}><source file='${path}' ${policy}/><target dev='vda'/></disk>`;
const block = (path: string): string => `<disk type='block'><source dev='${path}'/><target dev='vda'/></disk>`;
const on = (...sources: Parameters<typeof someLintedDisks>[0]) => ({ lintedDisks: someLintedDisks(sources) });
const GONE = { stat: ABSENT, reach: null, format: ABSENT };

describe(rule.id, () => {
  it('passes what is there', () => {
    expect(judgeOneDomain(rule, { devices: disk('/vm/a') }, on(aDiskSource('/vm/a')))).toMatchObject({ status: 'pass' });
    const device = aDiskSource('/dev/sdc', { stat: ok(aStat({ kind: 'block-device' })) });
    expect(judgeOneDomain(rule, { devices: block('/dev/sdc') }, on(device))).toMatchObject({ status: 'pass' });
  });

  it.each(['', "device='cdrom'"])('is a blocker when the image is gone (%s)', (attributes) => {
    const outcome = judgeOneDomain(rule, { devices: disk('/vm/a', attributes) }, on(aDiskSource('/vm/a', GONE)));
    expect(outcome).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('/vm/a, the image of'),
      evidence: [{ source: 'win11.xml:9' }, { source: '/vm/a', observed: 'not there' }],
    });
    expect(outcome).not.toHaveProperty('severity');
  });

  it('passes an image in a drive that may be missing, and says what becomes of a disk', () => {
    const gone = on(aDiskSource('/vm/a', GONE));
    expect(judgeOneDomain(rule, { devices: disk('/vm/a', "device='cdrom'", "startupPolicy='optional'") }, gone)).toMatchObject({
      status: 'pass',
    });
    expect(judgeOneDomain(rule, { devices: disk('/vm/a', '', "startupPolicy='optional'") }, gone)).toMatchObject({
      status: 'fail',
      severity: 'major',
    });
    expect(judgeOneDomain(rule, { devices: disk('/vm/a', "device='cdrom'", "startupPolicy='requisite'") }, gone)).toMatchObject({
      status: 'fail',
    });
  });

  it.each([
    [disk('/x'), 'block-device', 'disk vda is of the type file, and /x is a block device'],
    [disk('/x'), 'directory', 'disk vda is of the type file, and /x is a directory'],
    [block('/x'), 'file', 'disk vda is of the type block, and /x is a regular file'],
  ] as const)('is a blocker when %s is a %s', (devices, kind, message) => {
    expect(judgeOneDomain(rule, { devices }, on(aDiskSource('/x', { stat: ok(aStat({ kind })) })))).toMatchObject({
      status: 'fail',
      message,
    });
  });

  it('is a blocker when the path is not absolute', () => {
    expect(judgeOneDomain(rule, { devices: disk('win11.qcow2') }, on())).toMatchObject({ status: 'fail' });
  });

  it('could not look at what is hidden, or was never looked at', () => {
    const hidden = aDiskSource('/vm/a', { stat: unreadable('denied', 'permission denied') });
    expect(judgeOneDomain(rule, { devices: disk('/vm/a') }, on(hidden))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { devices: disk('/vm/a') }, on())).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining(String(MAX_SOURCES)),
    });
  });

  it('leaves what QEMU cannot reach to the rule about that, and says nothing of other sources', () => {
    const blocked = aDiskSource('/home/x/a', {
      stat: unreadable('denied', 'no'),
      reach: { state: 'blocked', at: '/home/x', stat: aStat() },
    });
    expect(judgeOneDomain(rule, { devices: disk('/home/x/a') }, on(blocked))).toMatchObject({ status: 'not-applicable' });
    const devices = `${disk('')}<disk type='network'><source protocol='rbd' name='p/v'/></disk><disk type='dir'><source dir='/x'/></disk>`;
    expect(judgeDomain(rule, { devices }, on())).toMatchObject([{ status: 'not-applicable' }]);
  });
});
