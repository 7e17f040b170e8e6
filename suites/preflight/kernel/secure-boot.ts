import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, pass, passWith } from '../../../src/engine/outcome.ts';
import { LOCKDOWN_PATH, NO_SECURE_BOOT_VARIABLE, SECURE_BOOT_PATH, SIGNATURES_PATH } from '../../../src/facts/firmware-security.ts';

export default defineCheck({
  id: 'preflight/kernel/secure-boot',
  title: 'Secure Boot does not stop the modules that passthrough may need',
  severity: 'info',
  needs: ['bootSecurity'],
  why:
    'With Secure Boot most distributions load only signed modules: kvmfr, vendor-reset and drivers that are built on this machine ' +
    'need a signature. vfio-pci comes signed with the kernel. The host’s Secure Boot has nothing to do with the guest’s.',
  sources: ['https://docs.kernel.org/admin-guide/module-signing.html', 'https://wiki.debian.org/SecureBoot'],
  evaluate({ bootSecurity: { isUefi, secureBoot, setupMode, lockdown, requiresSignedModules } }) {
    if (isUefi.state === 'ok' && !isUefi.value) return notApplicable('the machine was not booted through UEFI');
    if (secureBoot.state === 'unreadable') return couldNotLook(SECURE_BOOT_PATH, secureBoot.detail, 'Run mokutil --sb-state');
    if (secureBoot.state === 'absent') {
      return isUefi.state === 'ok'
        ? couldNotLook(SECURE_BOOT_PATH, NO_SECURE_BOOT_VARIABLE, 'Run mokutil --sb-state')
        : couldNotLook('/sys/firmware', isUefi.state === 'unreadable' ? isUefi.detail : 'not there', 'Run mokutil --sb-state');
    }
    const isOn = secureBoot.value && !(setupMode.state === 'ok' && setupMode.value);
    const evidence = { source: SECURE_BOOT_PATH, observed: isOn ? 'on' : 'off' };
    if (!isOn) return pass(evidence);
    if (requiresSignedModules.state === 'ok' && requiresSignedModules.value) {
      return fail('Secure Boot is on, and the kernel refuses modules without a signature', {
        evidence: [evidence, { source: SIGNATURES_PATH, observed: 'Y' }],
        remedy: REMEDY,
      });
    }
    if (lockdown.state === 'ok' && lockdown.value !== 'none') {
      return fail(`Secure Boot is on, and it brought lockdown (${lockdown.value}): modules without a signature are refused`, {
        evidence: [evidence, { source: LOCKDOWN_PATH, observed: lockdown.value }],
        remedy: REMEDY,
      });
    }
    if (lockdown.state === 'unreadable')
      return couldNotLook(
        LOCKDOWN_PATH,
        `Secure Boot is on, but lockdown is hidden: ${lockdown.detail}`,
        'Run dmesg | grep -i lockdown as root',
      );
    return passWith('Secure Boot is on, but this kernel does not ask for signed modules', evidence);
  },
});

const REMEDY = {
  summary: 'Nothing to do for vfio-pci; sign kvmfr, vendor-reset or other modules of your own with a machine owner key',
} as const;
