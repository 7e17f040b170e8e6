import type { FirmwareDescriptor, FirmwareDescriptors } from '../src/facts/firmware-descriptors.ts';
import type { FileStat } from '../src/host/source.ts';
import { ok } from '../src/host/reading.ts';

// Hand-made values of the facts about firmware: a test names only what matters to it.

export function aFile(given: Partial<FileStat> = {}): FileStat {
  return { kind: 'file', size: 0, mode: 0o755, uid: 0, gid: 0, mtimeMs: 0, ...given };
}

/** Debian's firmware with Secure Boot for q35, whose files are there; `path` is its code. */
export function aFirmwareDescriptor(
  path = '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd',
  given: Partial<FirmwareDescriptor> = {},
): FirmwareDescriptor {
  return {
    path: '/usr/share/qemu/firmware/50-edk2-x86_64-secure.json',
    interfaces: ['uefi'],
    device: 'flash',
    executable: { path, format: 'raw', file: ok(aFile()) },
    nvramTemplate: { path: '/usr/share/OVMF/OVMF_VARS_4M.fd', format: 'raw', file: ok(aFile()) },
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
    features: ['acpi-s3', 'amd-sev', 'requires-smm', 'secure-boot', 'verbose-dynamic'],
    ...given,
  };
}

export function someFirmwareDescriptors(
  descriptors: readonly FirmwareDescriptor[],
  given: Partial<FirmwareDescriptors> = {},
): FirmwareDescriptors {
  return { descriptors, bad: [], folders: ['/usr/share/qemu/firmware'], unlisted: [], named: [], ...given };
}
