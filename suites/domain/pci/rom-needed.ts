import type { DomainDocument } from '../../../src/domain/document.ts';
import { hostDevices } from '../../../src/domain/host-devices.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { presentDevices } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/rom-needed',
  title: 'A ROM file is given only to a card whose own ROM cannot be read',
  severity: 'info',
  wantsHost: ['pciDevices'],
  why: 'Old guides ask for a (patched) ROM file. QEMU reads the ROM of the card itself; only that of the card on which the firmware of the host started may be hidden or changed.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html', 'https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { pciDevices }) {
    const present = new Map(
      presentDevices(document, pciDevices.ok ? pciDevices.value : []).map(({ given, device }) => [given.address, device]),
    );
    const files = new Map(hostDevices(document).map(({ address, rom }) => [address, attribute(rom, 'file')]));
    return hostDevices(document).flatMap((given): readonly Outcome[] => {
      const { rom, address } = given;
      if (rom === undefined || attribute(rom, 'file') === null) return [];
      const first = address?.replace(/[1-7]$/, '0') ?? null;
      if (first !== address && files.get(first) === attribute(rom, 'file'))
        return [ofOtherFunction(document, rom, `${address}`, `${first}`)];
      const device = present.get(address);
      const spot = { element: rom, attribute: 'file' };
      const isBoot = device?.bootVga.state === 'ok' && device.bootVga.value;
      if (isBoot) return [passAt(document, spot, `${address} is the boot display of the host: its own ROM may not be readable`)];
      const unless = device?.bootVga.state === 'ok' ? '' : ' unless the host starts on this card';
      return [
        failAt(document, spot, `a ROM file is given to ${address ?? 'the device'}, which is mostly not needed`, {
          remedy: xmlRemedy(document, `Try without the <rom> element: it is harmless when the file is right, and outdated advice${unless}`),
          evidence: device?.bootVga.state === 'ok' ? [{ source: `/sys/bus/pci/devices/${device.address}/boot_vga`, observed: '0' }] : [],
        }),
      ];
    });
  },
});

/** The same file at each function of a card: the ROM of a GPU is of no use to its sound. */
function ofOtherFunction(document: DomainDocument, rom: XmlElement, address: string, first: string): Outcome {
  return failAt(document, { element: rom, attribute: 'file' }, `${address} is given the ROM file of ${first}, and has no use for it`, {
    remedy: xmlRemedy(document, 'You may remove this <rom>: it is harmless'),
  });
}
