import { describe, expect, it } from 'vitest';

import { aBootSecurity } from '../../../test/host-facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import { SECURE_BOOT_PATH } from '../../../src/facts/firmware-security.ts';
import check from './secure-boot.ts';

const on = { secureBoot: ok(true), setupMode: ok(false) };

describe(check.id, () => {
  it('passes when it is off', () => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity({ secureBoot: ok(false) }) });
    expect(outcome).toMatchObject({ status: 'pass', evidence: [{ source: SECURE_BOOT_PATH, observed: 'off' }] });
  });

  it('takes setup mode for off, whatever the other variable says', () => {
    const outcome = check.evaluate({
      bootSecurity: aBootSecurity({ secureBoot: ok(true), setupMode: ok(true), lockdown: ok('integrity') }),
    });
    expect(outcome).toMatchObject({ status: 'pass', evidence: [{ observed: 'off' }] });
  });

  it('passes with a note when the kernel loads unsigned modules all the same', () => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity(on) });
    expect(outcome).toMatchObject({ status: 'pass', message: 'Secure Boot is on, but this kernel does not ask for signed modules' });
  });

  it('fails when it brought lockdown', () => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity({ ...on, lockdown: ok('integrity') }) });
    expect(outcome).toMatchObject({ status: 'fail', evidence: [{ observed: 'on' }, { source: '/sys/kernel/security/lockdown' }] });
  });

  it('fails when the kernel enforces signatures without lockdown', () => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity({ ...on, requiresSignedModules: ok(true) }) });
    expect(outcome).toMatchObject({ status: 'fail', evidence: [{}, { source: '/sys/module/module/parameters/sig_enforce' }] });
  });

  it('is not applicable on a machine that was booted by BIOS', () => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity({ isUefi: ok(false), secureBoot: ABSENT }) });
    expect(outcome).toMatchObject({ status: 'not-applicable' });
  });

  it('could not look when the variable is hidden or missing', () => {
    for (const secureBoot of [ABSENT, unreadable('denied', 'permission denied')]) {
      const outcome = check.evaluate({ bootSecurity: aBootSecurity({ secureBoot }) });
      expect(outcome).toMatchObject({ status: 'unknown', evidence: [{ source: SECURE_BOOT_PATH }] });
    }
  });

  it('could not look when Secure Boot is on and lockdown is hidden', () => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity({ ...on, lockdown: unreadable('failed', 'empty') }) });
    expect(outcome).toMatchObject({ status: 'unknown', evidence: [{ source: '/sys/kernel/security/lockdown' }] });
  });

  it('could not look in a container', async () => {
    expect(await judgeOne(check, { folders: ['/sys/firmware'] })).toMatchObject({
      status: 'error',
      evidence: [{ source: '/sys/firmware' }],
    });
  });
});
