import { describe, expect, it } from 'vitest';

import { DEBIAN } from '../../../test/facts.ts';
import type { Emulator, Qemu, QemuVersion } from '../../../src/facts/qemu.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import check from './version.ts';

const PATH = '/usr/bin/qemu-system-x86_64';
const emulator = (version: Reading<QemuVersion>, given: Partial<Emulator> = {}): Emulator => ({
  path: PATH,
  domains: [],
  version,
  ...given,
});
const judge = (qemu: Partial<Qemu>) =>
  check.evaluate({ qemu: { system: ABSENT, others: [], ...qemu }, platform: { ok: true, value: DEBIAN } });
const ofVersion = (...version: QemuVersion) => judge({ system: ok(emulator(ok(version))) });

describe(check.id, () => {
  it('passes with 6.2 and later', () => {
    expect(ofVersion(6, 2, 0)).toMatchObject({ status: 'pass', evidence: [{ source: `${PATH} --version`, observed: '6.2.0' }] });
    expect(ofVersion(10, 0, 0)).toMatchObject({ status: 'pass' });
  });

  it('fails below 6.2, and blocks below 2.12', () => {
    expect(ofVersion(6, 1, 99)).toMatchObject({ status: 'fail', severity: 'major', message: 'QEMU 6.1.99 is older than 6.2' });
    expect(ofVersion(2, 12, 0)).toMatchObject({ status: 'fail', severity: 'major' });
    const blocks = ofVersion(2, 11, 9);
    expect(blocks).toMatchObject({ status: 'fail', message: expect.stringContaining('too old') });
    expect(blocks).not.toHaveProperty('severity');
  });

  it('fails without an emulator for x86_64', () => {
    expect(judge({})).toMatchObject({
      status: 'fail',
      evidence: [{ source: PATH }],
      remedy: { steps: [{ run: expect.stringContaining('qemu-system-x86') }] },
    });
  });

  it('does not pass when the program hangs or was not recorded', () => {
    expect(judge({ system: ok(emulator(unreadable('timed-out', 'no answer'))) })).toMatchObject({ status: 'unknown' });
    expect(judge({ system: unreadable('not-recorded', 'not recorded') })).toMatchObject({ status: 'unknown' });
  });

  it('fails when the emulator of a judged domain is not there, though the other one is', () => {
    const missing = emulator(ABSENT, { path: '/usr/libexec/qemu-kvm', domains: ['win11'] });
    expect(judge({ system: ok(emulator(ok([8, 0, 0]))), others: [missing] })).toMatchObject([
      { subject: PATH, outcome: { status: 'pass' } },
      { subject: '/usr/libexec/qemu-kvm', outcome: { status: 'fail', message: 'the emulator (of win11) is not there' } },
    ]);
  });

  it('does not hold a GO up for a build of the user that it does not run', () => {
    const own = emulator(unreadable('failed', 'not run'), { path: '/opt/qemu', domains: ['win11'] });
    expect(judge({ system: ok(emulator(ok([8, 0, 0]))), others: [own] })).toMatchObject([
      { subject: PATH },
      { subject: '/opt/qemu', outcome: { status: 'unknown', severity: 'major' } },
    ]);
  });

  it('is content with the emulator of the domain where the distribution has none', () => {
    const own = emulator(ok([9, 0, 0]), { path: '/usr/local/bin/qemu', domains: ['win11'] });
    expect(judge({ others: [own] })).toMatchObject([{ subject: '/usr/local/bin/qemu', outcome: { status: 'pass' } }]);
  });
});
