import { passesDeviceThrough, windowsGuest } from '../../../src/domain/applies.ts';
import { qemuOptions } from '../../../src/domain/qemu-devices.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/hyperv/fake-battery',
  title: 'The guest has no made-up battery',
  severity: 'info',
  applies: [windowsGuest, passesDeviceThrough],
  why: 'Drivers for the GeForce of a laptop refuse to run (Code 43) in a machine without a battery, and guides add the ACPI table of one. With a GPU of a desktop computer it does nothing but show a battery.',
  sources: ['https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF'],
  evaluate(document) {
    const tables = qemuOptions(document, 'acpitable').filter(({ value }) => looksLikeBattery(value));
    if (tables.length === 0) return passWithout(document, 'no ACPI table of a battery among the arguments for QEMU');
    return tables.map(({ element }) =>
      failAt(document, element, 'an ACPI table is added that looks like the made-up battery for a laptop GPU', {
        remedy: xmlRemedy(
          document,
          'Harmless: you may remove this argument and the -acpitable before it, unless the GPU is the GeForce of a laptop, or the table is for something else',
        ),
      }),
    );
  },
});

/** By the file's name: the one that the guides give it, or one that says what it is. */
function looksLikeBattery(value: string): boolean {
  const file = value.split(',').find((word) => word.startsWith('file=')) ?? '';
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/^file=/, '');
  return /\.(?:dat|aml|bin)$/i.test(name.slice(-255)) && /^ssdt\d?\.|bat(?:tery)?\b|battery/i.test(name.slice(0, 255));
}
