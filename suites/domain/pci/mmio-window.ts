import type { DomainDocument } from '../../../src/domain/document.ts';
import { qemuArgumentElements } from '../../../src/domain/qemu-devices.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';
import { givesHostDevice, presentDevices, sourceSpot } from '../pci-passthrough.ts';

const GIB = 1024 ** 3;
/** What OVMF reserves where it does not know how many address bits there are. OvmfPkg/Library/PlatformInitLib */
const CLASSIC_WINDOW = 32 * GIB;

export default defineDomainRule({
  id: 'domain/pci/mmio-window',
  title: 'The memory windows of the given devices fit into what the firmware of the guest reserves',
  severity: 'major',
  host: ['pciDevices'],
  applies: [
    givesHostDevice,
    (document) => (document.domain.firmware === 'efi' ? null : 'the guest boots with a BIOS, which makes the window as large as needed'),
  ],
  why: 'OVMF reserves 32 GiB for large windows unless the guest CPU says how many address bits there are, or it is told: a card with Resizable BAR beyond that gets no memory, and its driver does not start (code 12).',
  sources: [
    'https://github.com/tianocore/edk2/blob/edk2-stable202502/OvmfPkg/Library/PlatformInitLib/MemDetect.c',
    'https://github.com/tianocore/edk2/blob/master/OvmfPkg/RUNTIME_CONFIG.md',
  ],
  evaluate(document, { pciDevices }) {
    const given = presentDevices(document, pciDevices).map((one) => ({ ...one, bytes: largeBytes(one.device) }));
    const largest = given.toSorted((a, b) => b.bytes - a.bytes)[0];
    const total = given.reduce((sum, { bytes }) => sum + bytes, 0);
    if (largest === undefined || largest.bytes === 0) return [];
    const spot = sourceSpot(largest.given);
    const gib = `${Math.ceil(total / GIB)} GiB`;
    if (total < CLASSIC_WINDOW) return passAt(document, spot, `the large windows need ${gib} of 32 GiB`);
    const told = reserved(document);
    if (told !== null && told > total) return passAt(document, spot, `the firmware is told to reserve ${told / GIB} GiB`);
    const mode = attribute(first(document.root, 'cpu'), 'mode');
    if (told === null && (mode === 'host-passthrough' || mode === 'maximum'))
      return passAt(
        document,
        spot,
        `the large windows need ${gib}; OVMF from 2022.11 on reserves by the address bits of the CPU, which ${mode} shows`,
      );
    return failAt(
      document,
      spot,
      `the large windows of what is passed need ${gib}, and the firmware of the guest reserves ${told === null ? 32 : told / GIB} GiB`,
      {
        remedy: xmlRemedy(
          document,
          "Use <cpu mode='host-passthrough'> with a current OVMF, or tell OVMF with -fw_cfg name=opt/ovmf/X-PciMmio64Mb how many MiB to reserve",
        ),
        evidence: given
          .filter(({ bytes }) => bytes >= GIB)
          .map(({ device, bytes }) => ({ source: `/sys/bus/pci/devices/${device.address}/resource`, observed: `${bytes / GIB} GiB` })),
      },
    );
  },
});

/** 64-bit prefetchable windows go above 4 GiB; a window is aligned to its size, which is a power of two. */
function largeBytes({ bars }: PciDevice): number {
  return bars.filter(({ is64Bit, prefetchable }) => is64Bit && prefetchable).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Bytes by `-fw_cfg name=opt/ovmf/X-PciMmio64Mb,string=65536` (MiB); null when it is not written. */
function reserved(document: DomainDocument): number | null {
  const values = qemuArgumentElements(document).map((element) => attribute(element, 'value') ?? '');
  const found = values
    .map((value) => /X-PciMmio64(?:Mb)?,string=(\d{1,9})\b/.exec(value.slice(0, 400))?.[1])
    .find((text) => text !== undefined);
  return found === undefined ? null : Number(found) * 1024 * 1024;
}
