import type { DomainDocument } from '../../src/domain/document.ts';
import { type FirmwareDefinition, firmwareDefinition, smmState } from '../../src/domain/firmware-definition.ts';
import { machineType } from '../../src/domain/machine-type.ts';
import { attribute, first } from '../../src/domain/xml.ts';
import type { FirmwareDescriptor } from '../../src/facts/firmware-descriptors.ts';

/**
 * The descriptor that libvirt takes for a domain with UEFI: the first that fits what the definition says. Null: none does, or
 * there is nothing to choose. Before 9.2 libvirt looked at `<smm>` only after it had chosen. libvirt src/qemu/qemu_firmware.c, qemuFirmwareMatchDomain
 */
export function chosenDescriptor(
  { root }: Pick<DomainDocument, 'root'>,
  descriptors: readonly FirmwareDescriptor[],
  { heedsSmm = true }: { readonly heedsSmm?: boolean } = {},
): FirmwareDescriptor | null {
  const firmware = firmwareDefinition(root);
  const isUefi = firmware.chosenBy === 'efi' || (firmware.chosenBy === null && firmware.path !== null && firmware.type === 'pflash');
  if (!isUefi) return null;
  const isSmmOff = heedsSmm && smmState(root).state === 'off';
  return descriptors.find((descriptor) => fits(descriptor, firmware, root, isSmmOff)) ?? null;
}

function fits(descriptor: FirmwareDescriptor, firmware: FirmwareDefinition, root: DomainDocument['root'], isSmmOff: boolean): boolean {
  return (
    descriptor.interfaces.includes('uefi') &&
    ['flash', 'memory'].includes(descriptor.device) &&
    hasPaths(descriptor, firmware) &&
    isForMachine(descriptor, root) &&
    hasFeatures(descriptor, firmware, root, isSmmOff) &&
    hasFormats(descriptor, firmware)
  );
}

function hasPaths({ executable, nvramTemplate }: FirmwareDescriptor, { path, template }: FirmwareDefinition): boolean {
  if (path !== null && executable?.path !== path) return false;
  return template === null || nvramTemplate === null || nvramTemplate.path === template;
}

/** Patterns as of a shell; libvirt has replaced an alias by the newest version before it looks. */
function isForMachine({ targets }: FirmwareDescriptor, root: DomainDocument['root']): boolean {
  const { name, chipset } = machineType(root);
  const canonical = canonicalName(name ?? 'pc', chipset);
  const architecture = (attribute(first(root, 'os', 'type'), 'arch') ?? 'x86_64') === 'i686' ? 'i386' : 'x86_64';
  return targets.some((target) => target.architecture === architecture && target.machines.some((pattern) => matches(pattern, canonical)));
}

function canonicalName(name: string, chipset: string): string {
  if (name === 'q35' || name === 'ubuntu-q35') return 'pc-q35-0.0';
  return name === 'pc' || (name === 'ubuntu' && chipset === 'i440fx') ? 'pc-i440fx-0.0' : name;
}

/** `pc-q35-*`: what descriptors use of patterns is a star at the end, or anywhere else. */
function matches(pattern: string, name: string): boolean {
  const [head = '', ...tails] = pattern.slice(0, 200).split('*');
  if (tails.length === 0) return head === name;
  if (!name.startsWith(head)) return false;
  let at = head.length;
  for (const [index, tail] of tails.entries()) {
    if (index === tails.length - 1) return name.length - tail.length >= at && name.endsWith(tail);
    const found = name.indexOf(tail, at);
    if (found === -1) return false;
    at = found + tail.length;
  }
  return true;
}

function hasFeatures(
  { features }: FirmwareDescriptor,
  firmware: FirmwareDefinition,
  root: DomainDocument['root'],
  isSmmOff: boolean,
): boolean {
  const has = (feature: string): boolean => features.includes(feature);
  const wanted = [...firmware.features].every(([name, enabled]) => has(name) === enabled);
  if (!wanted) return false;
  const isSuspend = (element: string): boolean => attribute(first(root, 'pm', element), 'enabled') === 'yes';
  if ((isSuspend('suspend-to-mem') && !has('acpi-s3')) || (isSuspend('suspend-to-disk') && !has('acpi-s4'))) return false;
  if (has('requires-smm')) return !isSmmOff && firmware.isSecure !== false;
  return firmware.isSecure !== true;
}

/** Stateless firmware is only for those who ask for it. */
function hasFormats({ device, executable, nvramTemplate }: FirmwareDescriptor, firmware: FirmwareDefinition): boolean {
  if (device !== 'flash') return true;
  if ((nvramTemplate === null) !== firmware.isStateless || firmware.isReadOnly === false) return false;
  if (firmware.format !== null && executable?.format !== firmware.format) return false;
  const wanted = firmware.templateFormat ?? firmware.nvramFormat;
  return wanted === null || nvramTemplate === null || nvramTemplate.format === wanted;
}
