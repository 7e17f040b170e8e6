import type { DomainDocument } from '../../../src/domain/document.ts';
import { insertAt, setAttribute } from '../../../src/domain/edit.ts';
import { firmwareBuild, isPackagedFirmware } from '../../../src/domain/firmware-build.ts';
import { type FirmwareDefinition, firmwareDefinition, smmState } from '../../../src/domain/firmware-definition.ts';
import { machineType } from '../../../src/domain/machine-type.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome, type Severity } from '../../../src/engine/outcome.ts';
import type { FirmwareDescriptors } from '../../../src/facts/firmware-descriptors.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';

export default defineDomainRule({
  id: 'domain/machine/smm',
  title: 'Firmware with Secure Boot has System Management Mode, on q35',
  severity: 'blocker',
  wantsHost: ['libvirt', 'firmwareDescriptors'],
  why: 'Such firmware protects its variables with System Management Mode: without it libvirt refuses the domain, or the firmware stops before anything is on the screen.',
  sources: [
    'https://libvirt.org/formatdomain.html#hypervisor-features',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c',
    'https://github.com/tianocore/edk2/blob/master/OvmfPkg/README',
  ],
  evaluate(document, { libvirt, firmwareDescriptors }) {
    const firmware = firmwareDefinition(document.root);
    const demand = demandOf(firmware);
    if (demand === null) return notApplicable('the firmware needs no System Management Mode');
    const { chipset, name, element } = machineType(document.root);
    if (chipset === 'i440fx') {
      return failAt(
        document,
        element ?? document.root,
        `${demand} needs q35, and the machine is ${name?.slice(0, 80) ?? 'i440FX, as none is named'}`,
        {
          expected: "machine='q35'",
          remedy: xmlRemedy(document, 'Take q35, or firmware without Secure Boot'),
        },
      );
    }
    const smm = smmState(document.root);
    const spot = smm.element ?? first(document.root, 'features') ?? document.root;
    if (smm.state === 'off') {
      const severity = severityOff(firmware, firmwareDescriptors);
      if (severity === null) return passAt(document, spot, 'the host has firmware with Secure Boot that does without');
      return missing(document, `${demand} needs System Management Mode, which is switched off`, severity);
    }
    if (smm.state === 'on') return passAt(document, spot);
    // QEMU has it on by itself. Only for secure='yes' libvirt wants it written.
    if (firmware.isSecure !== true || firmware.chosenBy !== null)
      return passAt(document, firmware.loader ?? spot, 'QEMU has it on by default');
    const severity = severityOf(firmware, libvirt, firmwareDescriptors);
    if (severity === null) return passAt(document, firmware.loader ?? spot, 'libvirt switches it on for this firmware');
    return missing(
      document,
      "secure='yes' without <smm state='on'/>, which libvirt before 9.2 refuses, and later ones for firmware that no descriptor lists",
      severity,
    );
  },
});

/** What needs it; null when nothing does. */
function demandOf({ isSecure, chosenBy, features, path, isStateless, type }: FirmwareDefinition): string | null {
  if (isSecure === true) return "secure='yes'";
  if (chosenBy === 'efi') return features.get('secure-boot') === true ? 'Secure Boot' : null;
  const isFlash = path !== null && type === 'pflash' && !isStateless;
  return isFlash && firmwareBuild(path).needsSmm ? path : null;
}

/** From 9.2 on libvirt looks the loader up in the descriptors, and does what they say. Null: there it does. */
function severityOf({ path }: FirmwareDefinition, libvirt: Attempt<Libvirt>, descriptors: Attempt<FirmwareDescriptors>): Severity | null {
  const version = libvirt.ok ? libvirt.value.version : null;
  if (version === null) return 'major';
  if (version[0] < 9 || (version[0] === 9 && version[1] < 2)) return 'blocker';
  if (!descriptors.ok) return 'major';
  const listed = descriptors.value.descriptors.find(({ executable }) => executable?.path === path);
  return listed?.features.includes('requires-smm') === true ? null : 'blocker';
}

/** openSUSE has builds with Secure Boot that need no System Management Mode, and own builds have any name. Null: such a one is there to choose. */
function severityOff({ chosenBy, isSecure, path }: FirmwareDefinition, descriptors: Attempt<FirmwareDescriptors>): Severity | null {
  if (chosenBy !== 'efi') return isSecure === true || isPackagedFirmware(path ?? '') ? 'blocker' : 'major';
  if (!descriptors.ok) return 'major';
  const secure = descriptors.value.descriptors.filter(({ features }) => features.includes('secure-boot'));
  return secure.some(({ features }) => !features.includes('requires-smm')) ? null : 'blocker';
}

function missing(document: DomainDocument, message: string, severity: Severity): Outcome {
  const { element } = smmState(document.root);
  const edit =
    element === undefined ? insertAt(document, ['features'], "<smm state='on'/>") : setAttribute(document, element, 'state', 'on');
  return failAt(document, element ?? first(document.root, 'features') ?? document.root, message, {
    expected: "<smm state='on'/>",
    severity,
    remedy: xmlRemedy(document, 'Switch System Management Mode on', { inside: '<features>', write: "<smm state='on'/>" }),
    edits: [edit],
  });
}
