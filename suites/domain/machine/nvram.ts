import { isPackagedFirmware } from '../../../src/domain/firmware-build.ts';
import { firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/nvram',
  title: 'UEFI code of your own comes with its variables',
  severity: 'major',
  wantsHost: ['firmwareDescriptors'],
  why: 'Without a file or a template for them libvirt cannot make the variables of firmware that no package describes, and the domain does not start: "unable to find any master var store for loader".',
  sources: [
    'https://libvirt.org/formatdomain.html#bios-bootloader',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_firmware.c',
  ],
  evaluate(document, { firmwareDescriptors }) {
    const { loader, nvram, path, chosenBy, type, isReadOnly, isStateless, template, nvramPath } = firmwareDefinition(document.root);
    if (loader === undefined || path === null || type !== 'pflash' || chosenBy !== null) return [];
    if (isStateless || isReadOnly !== true) return notApplicable('the variables are in the firmware, or nowhere');
    if (nvram !== undefined && (template !== null || nvramPath !== null)) return passAt(document, nvram);
    if (isPackagedFirmware(path)) return passAt(document, loader, 'libvirt makes the variables from the template of the package');
    const isListed = firmwareDescriptors.ok && firmwareDescriptors.value.descriptors.some(({ executable }) => executable?.path === path);
    if (isListed) return passAt(document, loader, 'a firmware descriptor of the host has the template');
    return failAt(document, loader, `no <nvram> for ${path}, which no package brings`, {
      expected: '<nvram template=…>',
      remedy: xmlRemedy(document, 'Name the template that was built with this firmware', {
        inside: '<os>',
        write: `<nvram template='${path.replace(/CODE/i, 'VARS')}'/>`,
      }),
    });
  },
});
