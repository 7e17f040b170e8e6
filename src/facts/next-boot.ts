import { notKnown, notKnownBecause, type Prospect, type ProspectInput, willBind, willNotBind } from './binding-prospect.ts';
import { driverOverrides } from './driver-overrides.ts';
import { defineFact } from './fact.ts';
import { isVfioDriver } from './gpu-devices.ts';
import { hostDrivers } from './host-drivers.ts';
import { initramfsConfig } from './initramfs-config.ts';
import { initramfsContent } from './initramfs-content.ts';
import { kernel } from './kernel.ts';
import { modprobeConfig } from './modprobe-config.ts';
import { modules, moduleState } from './modules.ts';
import { idsAtNextBoot } from './next-boot-ids.ts';
import { prospectOfLoading } from './next-boot-loading.ts';
import { passthrough } from './passthrough.ts';
import { type PciDevice, pciDevices } from './pci-devices.ts';
import { platform } from './platform.ts';
import { matchesVfioPciId, parseVfioPciIds, refusedVfioPciIds, type VfioPciId, vfioPciIdLists } from './vfio-pci-ids.ts';

/** A device that is passed and what will hold it after the next boot. */
export interface DeviceProspect {
  readonly address: string;
  readonly prospect: Prospect;
}

/** Predicts from configuration, initramfs and the kernel's tables which devices vfio-pci will hold after the next boot. */
export const nextBoot = defineFact({
  id: 'nextBoot',
  needs: { kernel, modules, passthrough, pciDevices },
  wants: { modprobeConfig, initramfsConfig, initramfsContent, driverOverrides, hostDrivers, platform },
  collect(_host, facts): readonly DeviceProspect[] {
    return facts.pciDevices
      .filter(({ address }) => facts.passthrough.devices.includes(address))
      .map((device) => ({ address: device.address, prospect: predictBinding(device, facts) }));
  },
});

/** What will hold one device. Whatever could change the answer and could not be looked at makes it unknown. */
export function predictBinding(device: PciDevice, input: ProspectInput): Prospect {
  const forced = byOverride(device, input);
  if (forced !== null) return forced;
  const prospect = byId(device, input);
  if (prospect.kind !== 'other') return prospect;
  if (!input.driverOverrides.ok) return notKnownBecause(input.driverOverrides.error);
  const [hidden] = input.driverOverrides.value.unread;
  return hidden === undefined ? prospect : notKnown(hidden.source, hidden.reason);
}

/** Overrides and scripts that name the device by its address. */
function byOverride(device: PciDevice, { driverOverrides: attempt }: ProspectInput): Prospect | null {
  if (!attempt.ok) return null;
  const { overrides, scripts, isDriverctlInstalled } = attempt.value;
  const override = overrides.find(({ address }) => address === device.address);
  if (override !== undefined) {
    const seen = { source: override.source, observed: override.driver };
    if (!isVfioDriver(override.driver)) return willNotBind('other-override', `${override.source} gives it to ${override.driver}`, seen);
    if (isDriverctlInstalled || !override.source.startsWith('/etc/driverctl.d/')) return willBind(seen);
    return willNotBind('override-not-applied', 'driverctl@.service or 05-driverctl.rules is not where systemd and udev look', seen);
  }
  const isBootDisplay = device.bootVga.state === 'ok' && device.bootVga.value;
  const script = scripts.find(({ addresses, picksByBootVga }) => addresses.includes(device.address) || (picksByBootVga && !isBootDisplay));
  if (script === undefined) return null;
  const how = script.picksByBootVga ? 'binds every GPU that is not the boot display' : `binds ${device.address}`;
  return willBind({ source: script.source, observed: `${how} to vfio-pci` });
}

/** The ids of vfio-pci, and whether it comes first. */
function byId(device: PciDevice, input: ProspectInput): Prospect {
  if (!input.modprobeConfig.ok) return notKnownBecause(input.modprobeConfig.error);
  const config = input.modprobeConfig.value;
  const state = moduleState(input.modules, 'vfio_pci');
  const ids = idsAtNextBoot(config, input);
  const id = ids.find((one) => matchesVfioPciId(one, device));
  if (id !== undefined) {
    if (state === 'unknown') return notKnown('/lib/modules', 'not seen whether vfio-pci is built into the kernel');
    return prospectOfLoading(device, id, config, input);
  }
  const [hidden] = config.unread;
  return hidden === undefined ? notNamed(device, ids, state === 'built-in', input) : notKnown(hidden.source, hidden.reason);
}

function notNamed(device: PciDevice, ids: readonly VfioPciId[], isBuiltIn: boolean, input: ProspectInput): Prospect {
  const name = `${device.vendor}:${device.device}`;
  const config = input.modprobeConfig.ok ? input.modprobeConfig.value : { options: [] };
  const lists = vfioPciIdLists(config, input.kernel);
  const elsewhere = lists.flatMap(({ value, source }) => parseVfioPciIds(value, source)).find((one) => matchesVfioPciId(one, device));
  const inForce = ids.map(({ text }) => text).join(',');
  if (elsewhere === undefined) {
    const where = ids[0]?.source ?? '/etc/modprobe.d, /proc/cmdline';
    const observed = inForce === '' ? 'no ids for vfio-pci' : `ids=${inForce}`;
    const refused = refusedVfioPciIds(lists.at(-1)?.value ?? '');
    const also = refused.length === 0 ? '' : `, which does not understand "${refused.join(', ')}"`;
    return willNotBind('not-named', `nothing gives ${name} to vfio-pci${also}`, { source: lists.at(-1)?.source ?? where, observed });
  }
  const seen = { source: elsewhere.source, observed: `ids=… ${elsewhere.text}` };
  if (isBuiltIn) {
    return willNotBind('ids-not-read', 'vfio-pci is built into this kernel, so that it reads the kernel command line only', seen);
  }
  const winner = { source: ids[0]?.source ?? lists.at(-1)?.source ?? '/proc/cmdline', observed: `ids=${inForce}` };
  return willNotBind('ids-replaced', `${winner.source} replaces the list that names ${name}`, seen, winner);
}
