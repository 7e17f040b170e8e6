import { type Applicability, windowsGuest } from '../../src/domain/applies.ts';
import type { DomainDocument } from '../../src/domain/document.ts';
import { qemuOptions } from '../../src/domain/qemu-devices.ts';
import { all, attribute } from '../../src/domain/xml.ts';

/** Windows Server 2003 and what came before it know no enlightenments. */
const UNAWARE = /^(?:95|98|me|nt|2k|2000|xp|2003)/;

/** Windows that looks for enlightenments, on KVM, with the CPU that libvirt writes. */
export const enlightenedWindows: Applicability = (document) => {
  const { guest } = document;
  if (guest.os !== 'windows') return windowsGuest(document);
  if (guest.version !== null && UNAWARE.test(guest.version)) return `Windows ${guest.version} knows no enlightenments`;
  return kvmDomain(document) ?? libvirtsCpu(document);
};

/** Enlightenments are KVM's; libvirt hands them to QEMU without KVM, too, where they mean nothing. */
export const kvmDomain: Applicability = ({ root }) => {
  const type = attribute(root, 'type') ?? 'none';
  return type === 'kvm' ? null : `the domain is of the type ${type.slice(0, 40)}, not kvm`;
};

/** The last `-cpu` is the one that QEMU obeys, and libvirt puts arguments of the user behind its own. */
export const libvirtsCpu: Applicability = (document) =>
  qemuOptions(document, 'cpu').length === 0 ? null : '-cpu among the arguments for QEMU replaces the CPU and the enlightenments of libvirt';

/** Windows looks for enlightenments only where the CPU says that it is virtual. */
export const visibleHypervisor: Applicability = ({ root }) => {
  const isHidden = all(root, 'cpu', 'feature').some(
    (feature) => attribute(feature, 'name') === 'hypervisor' && ['disable', 'forbid'].includes(attribute(feature, 'policy') ?? ''),
  );
  return isHidden ? "the CPU feature 'hypervisor' is disabled, so Windows does not look for enlightenments" : null;
};

/** Does an argument for QEMU say something that libvirt's XML does not? */
export function isAskedOfQemu({ domain }: DomainDocument, what: RegExp): boolean {
  return domain.qemuArguments.some((argument) => what.test(argument.slice(0, 4096)));
}
