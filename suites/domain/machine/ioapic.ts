import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { insertAt } from '../../../src/domain/edit.ts';
import { machineType } from '../../../src/domain/machine-type.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/ioapic',
  title: "The I/O APIC is KVM's",
  severity: 'major',
  applies: [passesDeviceThrough],
  why: "With QEMU's own I/O APIC each interrupt of the kind that many GPUs raise goes through QEMU, and the guest stutters. It is needed for a virtual IOMMU that remaps interrupts, and for nothing else.",
  sources: [
    'https://libvirt.org/formatdomain.html#hypervisor-features',
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF',
    'https://gitlab.com/qemu-project/qemu/-/blob/v7.2.0/hw/i386/pc_q35.c',
  ],
  evaluate(document) {
    const ioapic = first(document.root, 'features', 'ioapic');
    const driver = attribute(ioapic, 'driver');
    if (remapsInterrupts(document.root)) return notApplicable("a virtual IOMMU that remaps interrupts needs QEMU's");
    if (ioapic !== undefined && driver === 'qemu') return judgeQemu(document, ioapic);
    // The one machine type that has it in QEMU by default; 4.0.1 and 4.1 went back.
    const { name } = machineType(document.root);
    if (name === 'pc-q35-4.0') return judgeQ35Of40(document, driver);
    if (ioapic === undefined || driver !== 'kvm') return passWithout(document, 'no <ioapic>');
    return failAt(document, ioapic, "<ioapic driver='kvm'/> is the default: outdated advice for QEMU 4.0, and harmless", {
      severity: 'info',
      remedy: xmlRemedy(document, 'You may remove it'),
    });
  },
});

function judgeQemu(document: DomainDocument, ioapic: XmlElement): Outcome {
  return failAt(document, { element: ioapic, attribute: 'driver' }, "the I/O APIC is QEMU's, and no virtual IOMMU needs that", {
    expected: "driver='kvm'",
    remedy: xmlRemedy(document, 'Remove <ioapic>, or write the driver kvm', { inside: '<features>', write: "<ioapic driver='kvm'/>" }),
  });
}

function judgeQ35Of40(document: DomainDocument, driver: string | null): Outcome {
  const features = first(document.root, 'features') ?? document.root;
  if (driver === 'kvm') return passAt(document, first(features, 'ioapic') ?? features, 'pc-q35-4.0 needs it written');
  return failAt(document, features, "pc-q35-4.0, and only that, has QEMU's I/O APIC by default", {
    expected: "<ioapic driver='kvm'/>",
    remedy: xmlRemedy(document, "Write that the I/O APIC is KVM's", { inside: '<features>', write: "<ioapic driver='kvm'/>" }),
    edits: driver === null && first(features, 'ioapic') === undefined ? [insertAt(document, ['features'], "<ioapic driver='kvm'/>")] : [],
  });
}

function remapsInterrupts(domain: XmlElement): boolean {
  return all(domain, 'devices', 'iommu').some((iommu) => attribute(first(iommu, 'driver'), 'intremap') === 'on');
}
