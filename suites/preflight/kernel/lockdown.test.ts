import { describe, expect, it } from 'vitest';

import { aKernel, DEBIAN } from '../../../test/facts.ts';
import { aBootSecurity } from '../../../test/host-facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { ABSENT, ok } from '../../../src/host/reading.ts';
import check from './lockdown.ts';

const PATH = '/sys/kernel/security/lockdown';
const platform = { ok: true, value: DEBIAN } as const;
const kernel = { ok: true, value: aKernel('quiet') } as const;

describe(check.id, () => {
  it.each([ok('none' as const), ABSENT])('passes when nothing is locked down', (lockdown) => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity({ lockdown }), kernel, platform });
    expect(outcome).toMatchObject({ status: 'pass', evidence: [{ source: PATH }] });
  });

  it.each(['integrity', 'confidentiality'] as const)('fails under %s, and says how modules are signed', (mode) => {
    const outcome = check.evaluate({ bootSecurity: aBootSecurity({ lockdown: ok(mode) }), kernel, platform });
    expect(outcome).toMatchObject({
      status: 'fail',
      evidence: [{ source: PATH, observed: mode, expected: 'none' }],
      remedy: { steps: [{ run: 'mokutil --import /var/lib/dkms/mok.pub' }, {}] },
    });
  });

  it('names the kernel command line when it asks for lockdown', () => {
    const bootSecurity = aBootSecurity({ lockdown: ok('integrity') });
    const outcome = check.evaluate({ bootSecurity, kernel: { ok: true, value: aKernel('lockdown=integrity') }, platform });
    expect(outcome).toMatchObject({ status: 'fail', evidence: [{}, { source: '/proc/cmdline', observed: 'lockdown=integrity' }] });
  });

  it('could not look while securityfs is not mounted', async () => {
    expect(await judgeOne(check, { folders: ['/sys/kernel/security'] })).toMatchObject({
      status: 'error',
      evidence: [{ source: PATH }],
      remedy: { summary: expect.stringContaining('securityfs') },
    });
  });
});
