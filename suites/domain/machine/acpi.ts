import { insertAt } from '../../../src/domain/edit.ts';
import { firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/acpi',
  title: 'ACPI is on, which UEFI and Windows need',
  severity: 'blocker',
  why: 'libvirt refuses a domain with UEFI and without ACPI. Windows does not start without ACPI from a BIOS either.',
  sources: [
    'https://libvirt.org/formatdomain.html#hypervisor-features',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c',
  ],
  evaluate(document) {
    const acpi = first(document.root, 'features', 'acpi');
    if (acpi !== undefined) return passAt(document, acpi);
    const { chosenBy, type, path } = firmwareDefinition(document.root);
    const isUefi = chosenBy === 'efi' || (type === 'pflash' && path !== null);
    if (!isUefi && document.guest.os !== 'windows') return notApplicable('neither UEFI nor a Windows guest, which need ACPI');
    const message = isUefi ? 'UEFI without <acpi/>: libvirt refuses it' : 'Windows does not start without <acpi/>';
    return failAt(document, first(document.root, 'features') ?? document.root, message, {
      expected: '<acpi/>',
      remedy: xmlRemedy(document, 'Switch ACPI on', { inside: '<features>', write: '<acpi/>' }),
      edits: [insertAt(document, ['features'], '<acpi/>')],
    });
  },
});
