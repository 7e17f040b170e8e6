import type { Remedy, RemedyStep } from '../../src/engine/outcome.ts';
import type { Attempt } from '../../src/facts/fact.ts';
import type { Kernel } from '../../src/facts/kernel.ts';
import type { ModprobeConfig } from '../../src/facts/modprobe-config.ts';
import { type Modules, moduleState } from '../../src/facts/modules.ts';
import { functionsOfSlot, type PciDevice } from '../../src/facts/pci-devices.ts';
import type { Distribution, Platform } from '../../src/facts/platform.ts';
import { matchesVfioPciId, parseVfioPciIds, vfioPciIdLists } from '../../src/facts/vfio-pci-ids.ts';
import { kernelParameterSteps } from '../../src/remedy/kernel-parameters.ts';
import { earlyModuleSteps, modprobeSteps } from '../../src/remedy/modules.ts';

/** The modules that passthrough loads early. Never `vfio_virqfd`: Linux 6.2 made it a part of `vfio`. */
const EARLY_MODULES = ['vfio_pci', 'vfio', 'vfio_iommu_type1'] as const;

/** What decides how devices are bound to vfio-pci on this host. */
export interface BindingSituation {
  readonly platform: Attempt<Platform>;
  readonly modprobeConfig: Attempt<ModprobeConfig>;
  readonly kernel: Attempt<Kernel>;
  readonly modules: Attempt<Modules>;
  readonly pciDevices: readonly PciDevice[];
}

/**
 * Binds devices to vfio-pci at every boot: by id from the initramfs, by the kernel command line where vfio-pci is built in,
 * and by address where an id would also take a device of the host.
 */
export function bindingRemedy(meant: readonly PciDevice[], situation: BindingSituation): Remedy {
  const names = meant.map(({ address }) => address).join(', ');
  const summary = `Bind ${names} to vfio-pci at every boot`;
  if (needsAddress(meant, situation.pciDevices)) return overrideRemedy(meant, situation.platform);
  if (!situation.platform.ok) return { summary };
  return { summary, steps: idSteps(meant, situation.platform.value, situation) };
}

/**
 * Binds devices by address: with driverctl, on NixOS in the initramfs. https://gitlab.com/driverctl/driverctl,
 * https://wiki.nixos.org/wiki/PCI_passthrough
 */
export function overrideRemedy(meant: readonly Pick<PciDevice, 'address'>[], platform: Attempt<Platform>): Remedy {
  const addresses = meant.map(({ address }) => address);
  const summary = `Bind ${addresses.join(', ')} to vfio-pci by address`;
  const distribution = platform.ok ? platform.value.distribution : null;
  if (distribution === 'nixos') return { summary, steps: nixosOverride(addresses) };
  const run = distribution === null ? undefined : INSTALL[distribution];
  const from = distribution === 'arch' ? 'the AUR' : 'the packages of the distribution';
  const install: RemedyStep = run === undefined ? { text: `install driverctl, from ${from}` } : { run: `${run} driverctl` };
  return { summary, steps: [install, ...addresses.map((address) => ({ run: `driverctl set-override ${address} vfio-pci` }))] };
}

const INSTALL: Readonly<Partial<Record<Distribution, string>>> = {
  debian: 'apt install',
  ubuntu: 'apt install',
  proxmox: 'apt install',
  fedora: 'dnf install',
  'fedora-atomic': 'rpm-ostree install --apply-live',
};

function nixosOverride(addresses: readonly string[]): RemedyStep[] {
  const file = '/etc/nixos/configuration.nix';
  const loop = `for i in ${addresses.join(' ')}; do echo vfio-pci > /sys/bus/pci/devices/$i/driver_override; done; modprobe -i vfio-pci`;
  return [
    { file, line: 'boot.initrd.availableKernelModules = [ "vfio_pci" "vfio" "vfio_iommu_type1" ];' },
    { file, line: `boot.initrd.preDeviceCommands = "${loop}";` },
    { run: 'nixos-rebuild boot', reboot: true },
  ];
}

/** Loads vfio-pci before the display drivers. */
export function earlyRemedy(platform: Attempt<Platform>): Remedy {
  const summary = 'Load vfio-pci from the initramfs, before every other driver of the device';
  return platform.ok ? { summary, steps: earlyModuleSteps(platform.value, EARLY_MODULES) } : { summary };
}

/** An id is no choice when a device that is not meant has it too. */
function needsAddress(meant: readonly PciDevice[], all: readonly PciDevice[]): boolean {
  const isMeant = (device: PciDevice): boolean => meant.some((one) => functionsOfSlot([device], one.address).length > 0);
  return all.some((device) => !isMeant(device) && meant.some((one) => one.vendor === device.vendor && one.device === device.device));
}

/** Each `ids=` replaces the one before, so the list that is in force is extended, and no second one is made. */
function idSteps(meant: readonly PciDevice[], platform: Platform, { modprobeConfig, kernel, modules }: BindingSituation): RemedyStep[] {
  const isBuiltIn = modules.ok && moduleState(modules.value, 'vfio_pci') === 'built-in';
  const options = modprobeConfig.ok ? modprobeConfig.value : { options: [] };
  const current = vfioPciIdLists(options, kernel.ok ? kernel.value : { parameters: [] }, { isBuiltIn }).at(-1);
  const missing = meant.filter((device) => !parseVfioPciIds(current?.value ?? '', '').some((id) => matchesVfioPciId(id, device)));
  const old = (current?.value ?? '').split(',').filter((text) => text !== '');
  const ids = [...new Set([...old, ...missing.map(({ vendor, device }) => `${vendor}:${device}`)])].join(',');
  const onCommandLine = current?.source === '/proc/cmdline';
  if (isBuiltIn || onCommandLine || platform.distribution === 'fedora-atomic') {
    const remove = current !== undefined && onCommandLine && missing.length > 0 ? [`vfio-pci.ids=${current.value}`] : [];
    const parameters = kernelParameterSteps(platform, { add: [`vfio-pci.ids=${ids}`], remove });
    return isBuiltIn ? parameters : [...parameters, ...earlyModuleSteps(platform, EARLY_MODULES)];
  }
  const file = /^\/etc\/modprobe\.d\/([^/:]+):\d+$/.exec(current?.source ?? '')?.[1] ?? 'vfio.conf';
  return lastOfEach([...modprobeSteps(platform, file, [`options vfio-pci ids=${ids}`]), ...earlyModuleSteps(platform, EARLY_MODULES)]);
}

/** Both lists end with the rebuild of the initramfs: once is enough. */
function lastOfEach(steps: readonly RemedyStep[]): RemedyStep[] {
  const keys = steps.map((step) => JSON.stringify(step));
  return steps.filter((_, index) => keys.lastIndexOf(keys[index] ?? '') === index);
}
