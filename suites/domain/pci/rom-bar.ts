import type { DomainDocument } from '../../../src/domain/document.ts';
import { hostDevices } from '../../../src/domain/host-devices.ts';
import { attribute, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { isGpu } from '../../../src/facts/gpu-devices.ts';
import type { PciDevice } from '../../../src/facts/pci-devices.ts';

export default defineDomainRule({
  id: 'domain/pci/rom-bar',
  title: 'The GPU that shows the guest keeps its ROM',
  severity: 'minor',
  wantsHost: ['pciDevices'],
  why: 'Firmware shows a picture only on a card whose ROM it finds. Without it the screen is black until the driver of the guest comes up, and some drivers look for the ROM too.',
  sources: ['https://libvirt.org/formatdomain.html#host-device-assignment'],
  evaluate(document, { pciDevices }) {
    const byAddress = pciDevices.ok ? new Map(pciDevices.value.map((device) => [device.address, device])) : null;
    return hostDevices(document).flatMap(({ rom, address, source }): readonly Outcome[] => {
      if (rom === undefined) return [];
      // What is no first function of a card, or a part of the chipset, shows nothing anyway.
      if (byAddress === null && attribute(rom, 'enabled') !== 'no' && (source === null || source.function !== 0 || source.bus === 0))
        return [];
      const device = byAddress?.get(address ?? '');
      if (byAddress !== null && (device === undefined || !isGpu(device))) return [];
      return [judge(document, rom, device)];
    });
  },
});

function judge(document: DomainDocument, rom: XmlElement, device: PciDevice | undefined): Outcome {
  const isDisabled = attribute(rom, 'enabled') === 'no';
  const hasFile = attribute(rom, 'file') !== null;
  if (isDisabled && (hasFile || attribute(rom, 'bar') !== null))
    return failAt(document, { element: rom, attribute: 'enabled' }, 'the ROM is disabled and configured at once, which libvirt refuses', {
      remedy: xmlRemedy(document, "Remove enabled='no', or the other attributes of <rom>"),
      severity: 'blocker',
    });
  const isOff = attribute(rom, 'bar') === 'off';
  if (!isOff && !isDisabled) return passAt(document, rom);
  const spot = { element: rom, attribute: isOff ? 'bar' : 'enabled' };
  if (document.domain.hasVideo) return notApplicable('the guest has another display that shows the firmware');
  const who = device === undefined ? 'the device' : device.address;
  const what = hasFile ? 'its ROM file reaches no UEFI guest' : 'the firmware of the guest shows nothing on it';
  return failAt(document, spot, `the ROM of ${who} is off: ${what}`, {
    remedy: xmlRemedy(document, `Remove ${isOff ? "bar='off'" : 'the <rom> element'} if this is the card that shows the guest`),
    severity: device === undefined ? 'info' : 'minor',
  });
}
