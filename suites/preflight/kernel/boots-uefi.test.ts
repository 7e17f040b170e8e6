import { describe, expect, it } from 'vitest';

import { judgeOne } from '../../../test/judge.ts';
import check from './boots-uefi.ts';

const PATH = '/sys/firmware/efi';

describe(check.id, () => {
  it('passes on a machine that was booted through UEFI', async () => {
    expect(await judgeOne(check, { folders: [`${PATH}/efivars`] })).toMatchObject({ status: 'pass', evidence: [{ source: PATH }] });
  });

  it('fails on a machine that was booted by BIOS', async () => {
    expect(await judgeOne(check, { folders: ['/sys/firmware/acpi'] })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      evidence: [{ source: PATH, observed: 'not there' }],
    });
  });

  it('asks for no firmware setup in a virtual machine', async () => {
    const files = { '/proc/cpuinfo': 'processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu svm hypervisor\n' };
    const result = await judgeOne(check, { files, folders: ['/sys/firmware/acpi'] });
    expect(result).toMatchObject({ status: 'fail', message: 'this virtual machine was booted through BIOS' });
    expect(result.remedy?.steps).toBeUndefined();
  });

  it('could not look in a container, which hides the folder', async () => {
    expect(await judgeOne(check, { folders: ['/sys/firmware'] })).toMatchObject({ status: 'error', evidence: [{ source: PATH }] });
  });

  it('could not look when it was not recorded', async () => {
    const host = { folders: ['/sys/firmware/acpi'], unreadable: { [PATH]: 'not-recorded' } } as const;
    expect(await judgeOne(check, host)).toMatchObject({ status: 'error' });
  });
});
