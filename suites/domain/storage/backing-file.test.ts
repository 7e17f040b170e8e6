import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import { aDiskSource, aStat, someLintedDisks } from '../../../test/linted-disks.ts';
import type { FileStat } from '../../../src/host/source.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import rule from './backing-file.ts';

const DEVICES = "<disk type='file'><source file='/vm/c.qcow2'/><target dev='vda'/></disk>";
const on = (...stats: Reading<FileStat>[]) => ({
  lintedDisks: someLintedDisks([
    aDiskSource('/vm/c.qcow2', {
      format: ok('qcow2'),
      backing: stats.map((stat, index) => ({ path: `/vm/${index}.qcow2`, stat, reach: null })),
    }),
  ]),
});

describe(rule.id, () => {
  it('passes a chain that is whole', () => {
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(ok(aStat()), ok(aStat())))).toMatchObject({ status: 'pass' });
  });

  it('is a blocker when a link of the chain is missing', () => {
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(ok(aStat()), ABSENT))).toMatchObject({
      status: 'fail',
      message: 'disk vda is built on /vm/1.qcow2, which is not there',
      evidence: [{ source: 'win11.xml:9' }, { source: '/vm/1.qcow2' }],
      remedy: { steps: [{ run: 'qemu-img info --backing-chain /vm/0.qcow2' }] },
    });
  });

  it('could not look at a link that is hidden', () => {
    expect(judgeOneDomain(rule, { devices: DEVICES }, on(unreadable('denied', 'no')))).toMatchObject({ status: 'unknown' });
  });

  it('says nothing of an image that is whole by itself, and of a chain that the definition gives', () => {
    expect(judgeOneDomain(rule, { devices: DEVICES }, on())).toMatchObject({ status: 'not-applicable' });
    const devices = DEVICES.replace('<target', '<backingStore/><target');
    expect(judgeOneDomain(rule, { devices }, on(ABSENT))).toMatchObject({ status: 'not-applicable' });
  });
});
