import { qemuDevices, qemuOptions } from '../../../src/domain/qemu-devices.ts';
import { isOn } from '../../../src/domain/qemu-option.ts';
import type { XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/pci/x-vga',
  title: 'x-vga is left out for guests that boot with UEFI',
  severity: 'info',
  applies: [(document) => (document.domain.firmware === 'efi' ? null : 'the guest boots with a BIOS, which needs the VGA of the card')],
  why: 'x-vga gives the guest the old VGA registers of the card, which only a BIOS uses. With UEFI it does nothing but take them from the host.',
  sources: ['https://docs.kernel.org/gpu/vgaarbiter.html', 'https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0/hw/vfio/pci.c'],
  evaluate(document) {
    const elements: XmlElement[] = [
      ...qemuDevices(document).flatMap(({ properties, element }) => (isOn(properties.get('x-vga')) ? [element] : [])),
      ...['set', 'global'].flatMap((option) =>
        qemuOptions(document, option).flatMap(({ element, value }) =>
          /(?:^|\.)x-vga=(?:on|yes|true|y)$/i.test(value.trim().slice(0, 200)) ? [element] : [],
        ),
      ),
    ];
    if (elements.length === 0 && document.domain.qemuArguments.length > 0) return passWithout(document, 'no x-vga=on for QEMU');
    return elements.map((element) =>
      failAt(document, { element, attribute: 'value' }, 'x-vga=on does nothing for a guest that boots with UEFI', {
        remedy: xmlRemedy(document, 'You may remove it: it is outdated advice for guests with a BIOS'),
      }),
    );
  },
});
