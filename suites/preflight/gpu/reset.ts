import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, type Outcome, pass, passWith, type Remedy } from '../../../src/engine/outcome.ts';
import { perGpu } from '../../../src/engine/per-gpu.ts';
import type { DefinedDomain } from '../../../src/facts/domains.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { GpuAttributes } from '../../../src/facts/gpu-attributes.ts';
import { isVfioDriver } from '../../../src/facts/gpu-devices.ts';
import { type Kernel, kernelAtLeast } from '../../../src/facts/kernel.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import type { SelectedGpu } from '../../../src/facts/passthrough.ts';
import { resetBugFamily } from '../../../src/facts/reset-bugs.ts';

/** Ways that reset this function alone. https://docs.kernel.org/admin-guide/abi-testing.html (reset_method) */
const OWN = new Set(['device_specific', 'acpi', 'flr', 'af_flr', 'pm']);

export default defineCheck({
  id: 'preflight/gpu/reset',
  title: 'The GPU can be reset between two starts of the virtual machine',
  severity: 'major',
  needs: ['passthrough', 'pciDevices', 'gpuAttributes'],
  wants: ['kernel', 'domains'],
  why: 'A GPU that is not reset is left in whatever state the last guest had it: the next start shows no picture or hangs the host.',
  sources: [
    'https://docs.kernel.org/admin-guide/abi-testing.html',
    'https://github.com/torvalds/linux/blob/v6.12/drivers/vfio/pci/vfio_pci_core.c',
    'https://github.com/gnif/vendor-reset',
  ],
  evaluate: ({ passthrough, pciDevices, gpuAttributes, kernel, domains }) =>
    perGpu(passthrough, (gpu, device) => {
      const attributes = gpuAttributes.find(({ address }) => address === device.address);
      const isOld = namesNoMethods(kernel, pciDevices);
      return judge({ device, devices: pciDevices, passed: passthrough.devices, left: leftBehind(gpu, device, domains), attributes, isOld });
    }),
});

interface Situation {
  readonly device: PciDevice;
  readonly devices: readonly PciDevice[];
  readonly passed: readonly string[];
  /** Functions of the card that do not go with it: `all-functions` says so. */
  readonly left: readonly string[];
  readonly attributes: GpuAttributes | undefined;
  /** A kernel before 5.15, where the absence of `reset_method` says nothing; null when that is unknown. */
  readonly isOld: boolean | null;
}

function namesNoMethods(kernel: Attempt<Kernel>, devices: readonly PciDevice[]): boolean | null {
  if (devices.some(({ resetMethods }) => resetMethods.state === 'ok')) return false;
  const isNew = kernel.ok ? kernelAtLeast(kernel.value, 5, 15) : null;
  return isNew === null ? null : !isNew;
}

function judge(situation: Situation): Outcome {
  const { device, attributes, isOld } = situation;
  const source = `/sys/bus/pci/devices/${device.address}/reset_method`;
  const { resetMethods } = device;
  if (resetMethods.state === 'unreadable') return couldNotLook(source, resetMethods.detail, 'Run passcheck on the host itself');
  const methods = resetMethods.state === 'ok' ? resetMethods.value : [];
  const family = resetBugFamily(device);
  if (family !== null && !methods.includes('device_specific')) return knownBug(device, family, source, methods);
  if (methods.some((method) => OWN.has(method))) return pass({ source, observed: methods.join(' ') });
  if (resetMethods.state === 'ok' || isOld === false) return judgeBus(situation, source, methods);
  if (isOld === null)
    return couldNotLook(source, 'not there, and the version of the kernel is unknown', 'Record a snapshot with passcheck snapshot');
  const reset = attributes?.hasResetFile ?? ({ state: 'absent' } as const);
  const file = `/sys/bus/pci/devices/${device.address}/reset`;
  if (reset.state === 'unreadable') return couldNotLook(file, reset.detail, 'Run passcheck on the host itself');
  return judgeBus(situation, file, reset.state === 'ok' && reset.value ? ['bus'] : []);
}

/**
 * VFIO resets the whole slot or bus when everything on it is handed over. `bus` stands at the first function of a bus even
 * when others came after it, and at no function when the kernel knows that a bus reset breaks the card.
 */
function judgeBus({ device, devices, passed, left }: Situation, source: string, methods: readonly string[]): Outcome {
  const bus = devices.filter(({ address }) => address.split(':', 2).join(':') === device.address.split(':', 2).join(':'));
  const observed = methods.length === 0 ? 'no method' : methods.join(' ');
  const knowsBus = [...methods, ...bus.flatMap(({ resetMethods }) => (resetMethods.state === 'ok' ? resetMethods.value : []))];
  if (device.upstream.length === 0 || !knowsBus.some((method) => method === 'bus' || method === 'cxl_bus')) {
    return fail('the kernel knows no way to reset it', {
      evidence: [{ source, observed, expected: 'flr, pm, device_specific, or bus' }],
      remedy: {
        summary: device.upstream.length === 0 ? 'Use a card in a slot of its own: a device on the root bus has no bus to reset' : CYCLE,
      },
    });
  }
  const others = bus.filter((other) => !passed.includes(other.address) && !isOnVfio(other));
  if (others.length > 0) {
    return fail(`a reset of its bus would also reset ${others.map(({ address }) => address).join(', ')}, which the host keeps`, {
      evidence: [
        { source, observed },
        ...others.map(({ address }) => ({ source: `/sys/bus/pci/devices/${address}`, observed: 'on the same bus, not passed through' })),
      ],
      remedy: { summary: `Pass ${others.map(({ address }) => address).join(', ')} through as well, or move the card to a slot of its own` },
    });
  }
  if (left.length > 0)
    return notApplicable(
      `VFIO can reset the bus once ${left.join(', ')} ${left.length === 1 ? 'goes' : 'go'} with it: see preflight/gpu/all-functions`,
    );
  return passWith('every function on its bus is passed, so VFIO resets the bus', { source, observed });
}

/** What the host keeps of a card that is on vfio-pci or assigned already; nothing of one for which all is still to be done. */
function leftBehind({ functions, domains: names }: SelectedGpu, device: PciDevice, domains: Attempt<readonly DefinedDomain[]>): string[] {
  if (names.length === 0 && !isOnVfio(device)) return [];
  const definitions = domains.ok ? domains.value.filter(({ definition }) => names.includes(definition.name)) : [];
  const given = new Set(definitions.flatMap(({ definition }) => definition.pciDevices.map(({ address }) => address)));
  return functions.filter((one) => one !== device && !given.has(one.address) && !isOnVfio(one)).map(({ address }) => address);
}

/** What only lies on vfio-pci in the same group belongs to the virtual machine's process as well. */
function isOnVfio({ driver }: PciDevice): boolean {
  return driver.state === 'ok' && isVfioDriver(driver.value);
}

const CYCLE = 'Plan for a restart of the host after each stop of the virtual machine, or use another card';

function knownBug(device: PciDevice, family: string, source: string, methods: readonly string[]): Outcome {
  return fail(`${device.vendor}:${device.device} (AMD ${family}) is known not to come back from a reset`, {
    evidence: [{ source, observed: methods.length === 0 ? 'no method' : methods.join(' '), expected: 'device_specific' }],
    remedy: vendorReset(device.address),
  });
}

function vendorReset(address: string): Remedy {
  return {
    summary: 'Install the module vendor-reset and let the kernel use it',
    steps: [
      { text: 'build it with DKMS from https://github.com/gnif/vendor-reset' },
      // The kernel starts with its own choice at every boot.
      { file: '/etc/udev/rules.d/99-vendor-reset.rules', line: resetRule(address) },
      { run: 'modprobe vendor-reset' },
      { run: `echo device_specific > /sys/bus/pci/devices/${address}/reset_method` },
    ],
  };
}

function resetRule(address: string): string {
  const command = '/sbin/modprobe vendor-reset; echo device_specific > /sys/bus/pci/devices/%k/reset_method';
  return `ACTION=="add", SUBSYSTEM=="pci", KERNEL=="${address}", RUN+="/bin/sh -c '${command}'"`;
}
