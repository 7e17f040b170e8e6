import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { bootSecurity, LOCKDOWN_PATH, SECURE_BOOT_PATH } from './firmware-security.ts';

const SECURITY = '/sys/kernel/security';

describe('bootSecurity', () => {
  it('reads a UEFI machine with Secure Boot, lockdown and AppArmor', async () => {
    const files = {
      [SECURE_BOOT_PATH]: Uint8Array.from([6, 0, 0, 0, 1]),
      '/sys/firmware/efi/efivars/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c': Uint8Array.from([6, 0, 0, 0, 0]),
      [LOCKDOWN_PATH]: 'none [integrity] confidentiality\n',
      [`${SECURITY}/lsm`]: 'lockdown,capability,landlock,yama,apparmor,bpf',
      '/sys/module/module/parameters/sig_enforce': 'N\n',
      '/sys/module/apparmor/parameters/enabled': 'Y\n',
    };
    expect(await valueOf(bootSecurity, { files })).toMatchObject({
      isUefi: { value: true },
      secureBoot: { value: true },
      setupMode: { value: false },
      lockdown: { value: 'integrity' },
      requiresSignedModules: { value: false },
      securityModules: { value: ['lockdown', 'capability', 'landlock', 'yama', 'apparmor', 'bpf'] },
      selinux: { state: 'absent' },
      isAppArmorEnabled: { value: true },
    });
  });

  it('tells a BIOS machine from one that hides its firmware', async () => {
    expect(await valueOf(bootSecurity, { folders: ['/sys/firmware/acpi'] })).toMatchObject({ isUefi: { value: false } });
    expect(await valueOf(bootSecurity, { folders: ['/sys/firmware'] })).toMatchObject({ isUefi: { state: 'unreadable' } });
  });

  it('takes a kernel without lockdown for one that is not locked down', async () => {
    const host = { files: { [`${SECURITY}/lsm`]: 'capability,selinux' } };
    expect(await valueOf(bootSecurity, host)).toMatchObject({ lockdown: { state: 'ok', value: 'none' } });
  });

  it('cannot see lockdown while securityfs is not mounted', async () => {
    const read = await valueOf(bootSecurity, { folders: [SECURITY] });
    expect(read).toMatchObject({ lockdown: { state: 'unreadable' }, securityModules: { state: 'unreadable' } });
  });

  it('takes the word in brackets, not the first', async () => {
    const host = { files: { [LOCKDOWN_PATH]: '[none] integrity confidentiality\n' } };
    expect(await valueOf(bootSecurity, host)).toMatchObject({ lockdown: { value: 'none' } });
  });

  it('keeps "not recorded" apart from "not there"', async () => {
    const host = { folders: ['/sys/firmware/efi'], unreadable: { [SECURE_BOOT_PATH]: 'not-recorded' } } as const;
    expect(await valueOf(bootSecurity, host)).toMatchObject({ secureBoot: { state: 'unreadable', reason: 'not-recorded' } });
  });

  it('has a value for any content of the files', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.string(), async (bytes, text) => {
        const host = { files: { [SECURE_BOOT_PATH]: bytes, [LOCKDOWN_PATH]: text, [`${SECURITY}/lsm`]: text } };
        expect((await collect(bootSecurity, host)).ok).toBe(true);
      }),
    );
  });
});
