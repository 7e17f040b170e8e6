import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { qemuOptions } from '../../../src/domain/qemu-devices.ts';
import { isOn } from '../../../src/domain/qemu-option.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import type { CheckFacts } from '../../../src/engine/check.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { QemuVersion } from '../../../src/facts/qemu.ts';
import { isAtLeast } from '../../../src/facts/version.ts';
import { emulatorVersion } from '../emulator-version.ts';
import { vfioDevices } from '../pci-passthrough.ts';

type Facts = CheckFacts<never, 'qemu'>;

/** With more, interrupts reach the upper vCPUs only through an IOMMU. https://libvirt.org/formatdomain.html#iommu-devices */
const MOST_VCPUS = 255;

export default defineDomainRule({
  id: 'domain/pci/viommu',
  title: 'The guest has no virtual IOMMU beside a passed device, or one that VFIO works with',
  severity: 'blocker',
  wantsHost: ['qemu'],
  applies: [(document) => (vfioDevices(document) ? null : 'no PCI device is passed through with VFIO')],
  why: 'Passthrough needs the IOMMU of the host, not one in the guest. QEMU refuses a VFIO device beside an intel-iommu without caching mode, and beside most versions of its amd-iommu.',
  sources: [
    'https://libvirt.org/formatdomain.html#iommu-devices',
    'https://gitlab.com/qemu-project/qemu/-/blob/v10.2.0/hw/i386/intel_iommu.c',
    'https://gitlab.com/qemu-project/qemu/-/blob/v10.2.0/hw/i386/amd_iommu.c',
  ],
  evaluate(document, { qemu }) {
    const iommu = first(document.root, 'devices', 'iommu');
    if (iommu === undefined) return notApplicable('the guest has no virtual IOMMU');
    const driver = first(iommu, 'driver');
    const model = attribute(iommu, 'model');
    if (model === 'intel') return judgeIntel(document, iommu, driver);
    return model === 'amd' ? judgeAmd(document, iommu, driver, qemu) : notNeeded(document, iommu);
  },
});

const LEAVE_OUT = 'Remove the <iommu> element: passthrough does not need it';

function judgeIntel(document: DomainDocument, iommu: XmlElement, driver: XmlElement | undefined): Outcome {
  if (isOn(attribute(driver, 'caching_mode') ?? undefined) || isGlobal(document, 'intel-iommu', 'caching-mode'))
    return notNeeded(document, iommu);
  const spot: Spot =
    driver !== undefined && attribute(driver, 'caching_mode') !== null ? { element: driver, attribute: 'caching_mode' } : iommu;
  return failAt(document, spot, 'the virtual Intel IOMMU is without caching mode, and QEMU refuses VFIO devices beside it', {
    expected: "no <iommu>, or caching_mode='on'",
    remedy: xmlRemedy(
      document,
      isNeeded(document)
        ? "Set caching_mode='on' at its <driver>"
        : `${LEAVE_OUT}; for a guest that passes devices on, set caching_mode='on' at its <driver>`,
    ),
  });
}

function judgeAmd(document: DomainDocument, iommu: XmlElement, driver: XmlElement | undefined, qemu: Facts['qemu']): Outcome {
  const remaps = isOn(attribute(driver, 'dma_remap') ?? undefined) || isGlobal(document, 'amd-iommu', 'dma-remap');
  if (remaps) return notNeeded(document, iommu);
  const version = emulatorVersion(document, qemu);
  const evidence = version === null ? [] : [{ source: 'QEMU', observed: version.join('.') }];
  const refuses = version === null ? null : refusesVfio(version);
  const message =
    refuses === true
      ? `QEMU ${version?.join('.') ?? ''} refuses VFIO devices beside its virtual AMD IOMMU`
      : 'the virtual AMD IOMMU does not remap DMA: QEMU before 9.2 and from 10.0.3 to 10.1 refuses VFIO devices beside it, others let them pass it by';
  // Most versions in use refuse, so without a host this is a blocker, too.
  if (refuses === false) return notNeeded(document, iommu);
  return failAt(document, iommu, message, {
    expected: 'no <iommu>',
    remedy: xmlRemedy(document, LEAVE_OUT),
    evidence,
    severity: 'blocker',
  });
}

/**
 * Up to 9.1, and from 10.0.3 to 10.1, the memory of a device is always that which the IOMMU translates, and there is no MAP
 * notifier for it. 9.2 starts without translation, and so does 10.2, which has dma-remap for more. hw/i386/amd_iommu.c,
 * amdvi_host_dma_iommu; QEMU commits c1f46999ef (9.2), 31753d5a33 (10.0.3), 42d1e7b5d2 (10.2)
 */
function refusesVfio([major, minor, patch]: QemuVersion): boolean {
  if (major === 10) return minor === 1 || (minor === 0 && patch >= 3);
  return !isAtLeast([major, minor], [9, 2]);
}

function notNeeded(document: DomainDocument, iommu: XmlElement): Outcome {
  if (isNeeded(document)) return passAt(document, iommu, `more than ${MOST_VCPUS} vCPUs need its interrupt remapping`);
  return failAt(document, iommu, 'a virtual IOMMU is not needed for passthrough', {
    remedy: xmlRemedy(
      document,
      'You may remove it, unless the guest passes devices on itself: it is outdated advice, and costs a little with each change of a mapping',
    ),
    severity: 'info',
  });
}

function isNeeded({ domain }: DomainDocument): boolean {
  return domain.vcpus > MOST_VCPUS;
}

/** `-global intel-iommu.caching-mode=on` */
function isGlobal(document: DomainDocument, device: string, property: string): boolean {
  return qemuOptions(document, 'global').some(({ value }) => {
    const [name, text] = value.trim().slice(0, 200).split('=');
    return name === `${device}.${property}` && isOn(text);
  });
}
