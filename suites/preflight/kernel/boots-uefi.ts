import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, pass } from '../../../src/engine/outcome.ts';
import { EFI_FOLDER } from '../../../src/facts/firmware-security.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';

export default defineCheck({
  id: 'preflight/kernel/boots-uefi',
  title: 'The host was booted through UEFI',
  severity: 'minor',
  needs: ['bootSecurity'],
  wants: ['cpu'],
  why:
    'Booted through BIOS or its emulation (CSM), the host’s graphics run in legacy VGA mode, which a passed GPU may be drawn into, and ' +
    'most boards offer Above 4G Decoding and Resizable BAR only with UEFI.',
  sources: ['https://docs.kernel.org/arch/x86/boot.html', 'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF'],
  evaluate({ bootSecurity: { isUefi }, cpu }) {
    if (isUefi.state === 'unreadable') return couldNotLook(EFI_FOLDER, isUefi.detail, 'Look for the folder on the host itself');
    if (isUefi.state === 'ok' && isUefi.value) return pass({ source: EFI_FOLDER, observed: 'there' });
    const evidence = { source: EFI_FOLDER, observed: 'not there', expected: 'there' };
    if (cpu.ok && cpu.value.isNested)
      return fail('this virtual machine was booted through BIOS', {
        evidence: [evidence],
        remedy: { summary: 'Give it UEFI firmware (OVMF) where it is defined, if its guests shall be judged like those of a real machine' },
      });
    const vendor = cpu.ok && cpu.value.vendor !== 'other' ? cpu.value.vendor : null;
    return fail('the host was booted through BIOS or its emulation (CSM)', {
      evidence: [evidence],
      remedy: {
        summary: 'Switch CSM off in the firmware setup; a system that was installed for BIOS needs a UEFI boot loader first',
        steps: firmwareSetupSteps('uefi-boot', vendor),
      },
    });
  },
});
