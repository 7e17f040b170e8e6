import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { passedAddresses } from '../../../src/domain/passed-addresses.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { couldNotCollect, notApplicable } from '../../../src/engine/outcome.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { isAtLeast } from '../../../src/facts/version.ts';

const LARGE_BAR_BYTES = 16 * 1024 ** 3;

export default defineDomainRule({
  id: 'domain/memory/address-width',
  title: 'The guest sees no wider addresses than the IOMMU translates',
  severity: 'major',
  host: ['cpu'],
  wantsHost: ['addressWidths', 'pciDevices', 'libvirt'],
  applies: [passesDeviceThrough],
  why:
    'The firmware of the guest puts large windows of devices at the top of the addresses that the CPU claims. What the IOMMU of the host cannot ' +
    'translate fails to map (VFIO_MAP_DMA failed: Invalid argument): QEMU stops when it is shared memory, as of Looking Glass.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-model-and-topology', 'https://github.com/gnif/LookingGlass/issues/1184'],
  evaluate(document, { cpu, addressWidths, pciDevices, libvirt }) {
    if (cpu.vendor !== 'intel') return notApplicable('only IOMMUs of Intel translate fewer bits than the CPU has');
    const element = first(document.root, 'cpu');
    if (element === undefined || !['host-passthrough', 'maximum'].includes(attribute(element, 'mode') ?? '')) {
      return passWithout(document, 'no CPU that claims the address width of the host');
    }
    if (!addressWidths.ok) return couldNotCollect(addressWidths.error, 'look at it by hand', 'minor');
    const { cpuBits, intelUnits } = addressWidths.value;
    const [narrowest] = intelUnits.toSorted((a, b) => a.bits - b.bits);
    if (cpuBits === null || narrowest === undefined) return notApplicable('the host does not show the widths of its addresses');
    const guestBits = widthOf(element, cpuBits);
    if (guestBits <= narrowest.bits) return passAt(document, first(element, 'maxphysaddr') ?? element);
    const canLimit = !libvirt.ok || libvirt.value.version === null || isAtLeast(libvirt.value.version, [9, 3]);
    const fix = canLimit
      ? `<maxphysaddr mode='passthrough' limit='${narrowest.bits}'/>`
      : `<maxphysaddr mode='emulate' bits='${narrowest.bits}'/>`;
    return failAt(
      document,
      first(element, 'maxphysaddr') ?? element,
      `the guest sees addresses of ${guestBits} bits, and the IOMMU translates ${narrowest.bits}`,
      {
        expected: fix,
        evidence: [
          { source: '/proc/cpuinfo', observed: `address sizes: ${cpuBits} bits physical` },
          { source: narrowest.source, observed: `${narrowest.bits} bits` },
        ],
        remedy: xmlRemedy(document, 'Limit the addresses that the guest sees', { inside: '<cpu>', write: fix }),
        ...(isAtStake(document, pciDevices.ok ? pciDevices.value : []) ? {} : { severity: 'minor' as const }),
      },
    );
  },
});

/** With a CPU of the host QEMU claims the width of the host, unless told. */
function widthOf(cpu: XmlElement, hostBits: number): number {
  const element = first(cpu, 'maxphysaddr');
  const bits = (name: string): number => {
    const text = attribute(element, name) ?? '';
    return /^\d{1,3}$/.test(text) ? Number(text) : hostBits;
  };
  if (attribute(element, 'mode') === 'emulate') return bits('bits');
  return Math.min(hostBits, bits('limit'));
}

/** Shared memory stops QEMU; a large window of a device is always put at the top. */
function isAtStake(document: DomainDocument, devices: readonly PciDevice[]): boolean {
  const { domain } = document;
  const passed = passedAddresses(document);
  const hasLargeBar = devices.some(
    ({ address, bars }) => passed.has(address) && bars.some(({ sizeBytes }) => sizeBytes >= LARGE_BAR_BYTES),
  );
  return hasLargeBar || domain.sharedMemory.length > 0 || domain.qemuArguments.some((argument) => argument.includes('ivshmem'));
}
