import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass, passWith, type Remedy } from '../../../src/engine/outcome.ts';
import { perGpu } from '../../../src/engine/per-gpu.ts';
import type { Cpu } from '../../../src/facts/cpu.ts';
import { displayUses } from '../../../src/facts/display-uses.ts';
import type { Displays } from '../../../src/facts/displays.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { isVfioDriver } from '../../../src/facts/gpu-devices.ts';
import type { LibvirtHooks } from '../../../src/facts/libvirt-hooks.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';
import { HOOK, onlyDisplay, SINGLE_GPU, testHook } from '../only-display.ts';

const LOOK = 'Run passcheck on the host itself, with nvidia_drm.modeset=1 where that driver holds the card';

export default defineCheck({
  id: 'preflight/gpu/not-host-display',
  title: 'The host shows nothing on the GPU',
  severity: 'blocker',
  needs: ['passthrough', 'pciDevices', 'displays'],
  wants: ['libvirtHooks', 'cpu'],
  why: 'A GPU that shows the host its console or desktop cannot be taken away: the start of the virtual machine hangs or the screen goes black.',
  sources: ['https://docs.kernel.org/gpu/vgaarbiter.html', 'https://libvirt.org/hooks.html'],
  evaluate: ({ passthrough, pciDevices, displays, libvirtHooks, cpu }) =>
    perGpu(passthrough, (gpu, device) => judge({ gpu, device, devices: pciDevices, displays, hooks: libvirtHooks, cpu })),
});

interface Situation {
  readonly gpu: SelectedGpu;
  readonly device: PciDevice;
  readonly devices: readonly PciDevice[];
  readonly displays: Displays;
  readonly hooks: Attempt<LibvirtHooks>;
  readonly cpu: Attempt<Cpu>;
}

function judge(situation: Situation): Outcome {
  const { device, displays } = situation;
  const folder = `/sys/bus/pci/devices/${device.address}`;
  if (device.driver.state === 'unreadable')
    return couldNotLook(`${folder}/driver`, device.driver.detail, 'Run passcheck on the host itself');
  const driver = device.driver.state === 'ok' ? device.driver.value : null;
  const { uses, unseen } = displayUses(displays, device);
  const [use, ...moreUses] = uses.map(({ source, observed }): Evidence => ({ source, observed }));
  if (driver === null || isVfioDriver(driver) || driver === 'pci-stub') return judgeFree(situation, driver, use);
  const held: Evidence = { source: `${folder}/driver`, observed: driver };
  if (use !== undefined) return judgeUsed(situation, driver, [held, use, ...moreUses]);
  const [hidden] = unseen;
  if (hidden !== undefined) return couldNotLook(hidden.source, hidden.reason, LOOK);
  return passWith(`${driver} holds it, and it drives no output and no console`, held);
}

/** No driver of the host holds it: what the firmware shows on it goes when vfio-pci takes it (kernel 6.0 and later). */
function judgeFree({ gpu, device, devices, hooks, cpu }: Situation, driver: string | null, use: Evidence | undefined): Outcome {
  const source = `/sys/bus/pci/devices/${device.address}/boot_vga`;
  const { bootVga } = device;
  if (bootVga.state === 'unreadable') return couldNotLook(source, bootVga.detail, 'Run passcheck on the host itself', 'minor');
  const isBoot = bootVga.state === 'ok' && bootVga.value;
  const binding: Evidence = { source: `/sys/bus/pci/devices/${device.address}/driver`, observed: driver ?? 'no driver' };
  if (!isBoot && use === undefined) return pass(binding);
  return fail(
    use === undefined
      ? 'it is the boot display: the host starts on it and then loses the picture'
      : 'the firmware console of the host is on it',
    {
      evidence: [binding, ...(isBoot ? [{ source, observed: '1', expected: '0' }] : []), ...(use === undefined ? [] : [use])],
      remedy: onlyDisplay(devices, gpu, hooks).kind === 'no' ? otherPrimary(cpu) : NO_OTHER_DISPLAY,
      severity: 'minor',
    },
  );
}

function judgeUsed(situation: Situation, driver: string, evidence: readonly [Evidence, ...Evidence[]]): Outcome {
  const { gpu, device, devices, hooks, cpu } = situation;
  const message = `${driver} shows the host's ${evidence.slice(1).some(({ source }) => source.includes('/drm/')) ? 'picture' : 'console'} on ${device.address}`;
  const only = onlyDisplay(devices, gpu, hooks);
  switch (only.kind) {
    case 'no':
      return fail(message, { evidence, remedy: otherPrimary(cpu) });
    case 'hidden':
      return couldNotLook(HOOK, only.reason, 'Run passcheck as root: a hook may free the only GPU of this host');
    case 'without-hook':
      return fail(`${message}, and there is no other display`, { evidence, remedy: SINGLE_GPU });
    case 'hook':
      return fail(`${message}; it is the only display, and a libvirt hook has to free it`, {
        evidence: [...evidence, { source: only.script, observed: 'executable' }],
        remedy: testHook(only.script),
        severity: 'major',
      });
  }
}

const NO_OTHER_DISPLAY: Remedy = {
  summary: 'Give the host a second display, or work on it over SSH or a serial console: it has no picture once vfio-pci has the GPU',
};

function otherPrimary(cpu: Attempt<Cpu>): Remedy {
  const vendor = cpu.ok && cpu.value.vendor !== 'other' ? cpu.value.vendor : null;
  return {
    summary: 'Make another display the primary one, connect the monitor of the host to it, and bind the GPU to vfio-pci',
    steps: firmwareSetupSteps('primary-display', vendor),
  };
}
