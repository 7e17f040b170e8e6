import type { FirmwareDescriptor, FirmwareFile } from './firmware-descriptors.ts';

/** What the firmware of a guest with Secure Boot can do. */
export const SECURE_FEATURES = ['secure-boot', 'requires-smm'];
/** … and what it has when Windows starts under it as on bought machines: the keys of Microsoft. */
export const ENROLLED_FEATURES = [...SECURE_FEATURES, 'enrolled-keys'];

/** Is it UEFI for a q35 machine, as libvirt chooses it? */
export function fitsQ35({ interfaces, device, executable, targets }: FirmwareDescriptor): boolean {
  const isForQ35 = targets.some(({ architecture, machines }) => architecture === 'x86_64' && machines.some(isQ35));
  return interfaces.includes('uefi') && ['flash', 'memory'].includes(device) && executable !== null && isForQ35;
}

/** Patterns of shells (`pc-q35-*`), which libvirt matches with the machine type. */
function isQ35(machine: string): boolean {
  return /^(pc-q35|q35)/.test(machine) || ['*', 'pc-*'].includes(machine);
}

/** The files that a firmware consists of. */
export function firmwareFiles({ executable, nvramTemplate }: FirmwareDescriptor): FirmwareFile[] {
  return [executable, nvramTemplate].filter((file) => file !== null);
}

/** Is every file of it there? */
export function isComplete(descriptor: FirmwareDescriptor): boolean {
  return firmwareFiles(descriptor).every(({ file }) => file.state === 'ok' && file.value.kind === 'file');
}

export function hasFeatures({ features }: FirmwareDescriptor, wanted: readonly string[]): boolean {
  return wanted.every((feature) => features.includes(feature));
}
