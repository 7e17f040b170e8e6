import { describe, expect, it } from 'vitest';

import { judgeOne } from '../../../test/judge.ts';
import check from './virt-manager.ts';

describe(check.id, () => {
  it.each(['/usr/bin/virt-manager', '/run/current-system/sw/bin/virt-manager'])('passes with %s', async (path) => {
    expect(await judgeOne(check, { files: { [path]: '' } })).toMatchObject({ status: 'pass', evidence: [{ source: path }] });
  });

  it('passes with the Flatpak', async () => {
    expect(await judgeOne(check, { folders: ['/var/lib/flatpak/app/org.virt_manager.virt-manager'] })).toMatchObject({ status: 'pass' });
  });

  it('fails without it, as information', async () => {
    const files = { '/etc/os-release': 'ID=arch\n' };
    expect(await judgeOne(check, { files })).toMatchObject({
      status: 'fail',
      severity: 'info',
      remedy: { steps: [{ run: 'pacman -S --needed virt-manager' }] },
    });
  });

  it('does not say "not installed" of what was not recorded', async () => {
    expect(await judgeOne(check, { unreadable: { '/usr/bin/virt-manager': 'not-recorded' } })).toMatchObject({ status: 'error' });
  });
});
