import type { DomainDocument } from './document.ts';
import { all, attribute, first } from './xml.ts';

/** Says why a rule does not apply to a domain; null when it does. */
export type Applicability = (document: DomainDocument) => string | null;

/** QEMU with an x86 guest, which is what nearly every rule is about; a definition that names no architecture is one. */
export const x86Guest: Applicability = ({ root }) => {
  const type = attribute(root, 'type') ?? 'none';
  if (!['kvm', 'qemu', 'hvf'].includes(type)) return `the domain is of the type ${type.slice(0, 40)}, not kvm`;
  const arch = attribute(first(root, 'os', 'type'), 'arch') ?? 'x86_64';
  return ['x86_64', 'i686'].includes(arch) ? null : `the guest is ${arch.slice(0, 40)}, not x86`;
};

/** A Windows guest of any version. */
export const windowsGuest: Applicability = ({ guest }) => {
  if (guest.os === 'windows') return null;
  return guest.os === 'unknown'
    ? 'nothing says that the guest is Windows (--guest windows does)'
    : `the guest is no Windows (${guest.because})`;
};

/** Windows 11, and Windows Server from 2025 on where the definition says so. */
export const windows11Guest: Applicability = (document) => {
  const { guest } = document;
  if (guest.os !== 'windows') return windowsGuest(document);
  if (guest.version === '11') return null;
  return guest.version === null
    ? 'nothing says that the guest is Windows 11 (--guest win11 does)'
    : `the guest is Windows ${guest.version}, not 11 (${guest.because})`;
};

/** A PCI device or a slice of one (mdev) of the host is given to the guest, by libvirt or by arguments for QEMU. */
export const passesDeviceThrough: Applicability = ({ root, domain }) => {
  const given = all(root, 'devices', 'hostdev').some((device) => ['pci', 'mdev'].includes(attribute(device, 'type') ?? ''));
  const byQemu = domain.qemuArguments.some((argument) => /\bvfio-pci\b/.test(argument));
  return given || byQemu || domain.pciDevices.length > 0 ? null : 'no PCI device is passed through';
};

/** Can a guest with devices of the host be moved to another one, so that a model of a processor is meant? */
export const mayMove: Applicability = ({ root, domain }) => {
  if (all(root, 'devices', 'interface', 'teaming').length > 0 || all(root, 'devices', 'hostdev', 'teaming').length > 0)
    return 'the network cards are teamed, so that the guest can be moved to another host';
  const byQemu = domain.qemuArguments.some((argument) => /\bvfio-pci\b/.test(argument));
  return domain.pciDevices.length === 0 && !byQemu && all(root, 'devices', 'hostdev').length > 0
    ? 'the guest has slices of devices only (mdev), which can move to another host'
    : null;
};

/** Looking Glass: its shared memory, by libvirt or by arguments for QEMU. */
export const usesLookingGlass: Applicability = ({ domain }) => {
  const shared = domain.sharedMemory.some(({ name }) => /looking-?glass/i.test(name));
  const byQemu = domain.qemuArguments.some((argument) => /looking-?glass|kvmfr/i.test(argument));
  return shared || byQemu ? null : 'no shared memory of Looking Glass';
};

/** Guests that have virtio drivers, or get them from virtio-win; macOS knows other devices best. */
export const takesVirtio: Applicability = ({ guest }) =>
  guest.os === 'macos' || guest.os === 'other' ? `the guest may have no virtio drivers (${guest.because})` : null;
