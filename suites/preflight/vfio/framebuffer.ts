import { type CheckFacts, defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass, passWith } from '../../../src/engine/outcome.ts';
import { hostUse } from '../../../src/facts/host-use.ts';
import { kernelAtLeast, parameterValues } from '../../../src/facts/kernel.ts';
import { selectedDevices } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';

type Facts = CheckFacts<'passthrough' | 'displays', 'kernel'>;

export default defineCheck({
  id: 'preflight/vfio/framebuffer',
  title: "The firmware's framebuffer does not hold memory of the GPU",
  severity: 'minor',
  needs: ['passthrough', 'displays'],
  wants: ['kernel'],
  why: 'While a framebuffer driver of the firmware holds a memory window of the GPU, the virtual machine starts with "BAR can\'t reserve" and a black screen.',
  sources: ['https://git.kernel.org/torvalds/c/d17378062079', 'https://docs.kernel.org/fb/efifb.html'],
  evaluate: (facts) => selectedDevices(facts.passthrough).map(({ device }) => ({ subject: device.address, outcome: judge(device, facts) })),
});

function judge(device: PciDevice, { displays, kernel }: Facts): Outcome {
  const regions = displays.firmwareFramebuffers;
  if (regions.state !== 'ok')
    return couldNotLook('/proc/iomem', regions.state === 'absent' ? 'not there' : regions.detail, 'Run passcheck on the host itself');
  const [held, ...more] = regions.value
    .filter((region) => region.device === device.address)
    .map(({ name }): Evidence => ({ source: '/proc/iomem', observed: `${name} inside ${device.address}` }));
  if (held === undefined) return pass({ source: '/proc/iomem', observed: `no framebuffer of the firmware inside ${device.address}` });
  const isBound = hostUse(device, { ok: true, value: displays }).kind === 'vfio';
  const evicts = kernel.ok ? kernelAtLeast(kernel.value, 6, 0) : null;
  if (evicts === null && !isBound)
    return couldNotLook(
      '/proc/sys/kernel/osrelease',
      'not known whether this kernel frees it when vfio-pci binds',
      'Run passcheck on the host itself',
    );
  if (evicts === true && !isBound) return passWith('the kernel frees it when vfio-pci binds', held, ...more);
  const outdated = kernel.ok ? parameterValues(kernel.value, 'video').filter((value) => /fb:off/.test(value)) : [];
  const options = outdated.map((value): Evidence => ({
    source: '/proc/cmdline',
    observed: `video=${value}, which this framebuffer does not obey`,
  }));
  return fail(`${device.address} is ${isBound ? 'bound to vfio-pci, and ' : ''}still the framebuffer of the firmware`, {
    evidence: [held, ...more, ...options],
    remedy: {
      summary: 'Make the display that stays with the host the primary one in the firmware setup',
      steps: [
        ...firmwareSetupSteps('primary-display', null),
        {
          text: 'where the setup has no such option: add initcall_blacklist=sysfb_init to the kernel command line; the host then starts without a picture on this GPU',
          reboot: true,
        },
      ],
    },
  });
}
