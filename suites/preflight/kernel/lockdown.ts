import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, pass } from '../../../src/engine/outcome.ts';
import { readingError } from '../../../src/facts/fact-error.ts';
import { LOCKDOWN_PATH } from '../../../src/facts/firmware-security.ts';
import { parameterValues } from '../../../src/facts/kernel.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';

export default defineCheck({
  id: 'preflight/kernel/lockdown',
  title: 'The kernel is not locked down',
  severity: 'minor',
  needs: ['bootSecurity'],
  wants: ['kernel', 'platform'],
  why:
    'Lockdown refuses unsigned modules (kvmfr for Looking Glass, vendor-reset) and writing to PCI configuration from a shell ' +
    '(resizing a BAR). vfio-pci itself works.',
  sources: ['https://man7.org/linux/man-pages/man7/kernel_lockdown.7.html'],
  evaluate({ bootSecurity: { lockdown }, kernel, platform }) {
    if (lockdown.state === 'absent') return pass({ source: LOCKDOWN_PATH, observed: 'not there' });
    if (lockdown.state === 'unreadable') {
      const { hint = MOUNT } = readingError(LOCKDOWN_PATH, lockdown, lockdown.reason === 'failed' ? MOUNT : undefined);
      return couldNotLook(LOCKDOWN_PATH, lockdown.detail, hint);
    }
    if (lockdown.value === 'none') return pass({ source: LOCKDOWN_PATH, observed: 'none' });
    const evidence = { source: LOCKDOWN_PATH, observed: lockdown.value, expected: 'none' };
    const asked = kernel.ok ? parameterValues(kernel.value, 'lockdown').at(-1) : undefined;
    if (asked !== undefined) {
      const parameter = `lockdown=${asked}`;
      return fail(`lockdown is ${lockdown.value}, because the kernel command line asks for it`, {
        evidence: [evidence, { source: '/proc/cmdline', observed: parameter }],
        remedy: {
          summary: `Remove ${parameter} from the kernel command line, unless it is meant`,
          ...(platform.ok ? { steps: kernelParameterSteps(platform.value, { remove: [parameter] }) } : {}),
        },
      });
    }
    return fail(`lockdown is ${lockdown.value}: modules that are not signed do not load`, {
      evidence: [evidence],
      remedy: {
        summary: 'Where kvmfr or vendor-reset is needed, sign it with a key that the firmware knows, or switch Secure Boot off',
        steps: [
          { run: 'mokutil --import /var/lib/dkms/mok.pub', text: 'DKMS signs what it builds with this key', reboot: true },
          { text: 'Confirm the key in the blue MOK manager that comes up at the next boot' },
        ],
      },
    });
  },
});

const MOUNT = 'run mount -t securityfs securityfs /sys/kernel/security as root';
