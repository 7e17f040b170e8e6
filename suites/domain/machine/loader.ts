import type { DomainDocument } from '../../../src/domain/document.ts';
import { setAttribute } from '../../../src/domain/edit.ts';
import { firmwareBuild, isPackagedFirmware } from '../../../src/domain/firmware-build.ts';
import { type FirmwareDefinition, firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import { first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/machine/loader',
  title: 'The UEFI loader is read-only flash memory',
  severity: 'blocker',
  why: 'UEFI keeps boot entries and the keys of Secure Boot in flash memory beside its code. As a ROM it forgets them, or does not start; writable, one guest changes the firmware of all.',
  sources: [
    'https://libvirt.org/formatdomain.html#bios-bootloader',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_firmware.c',
  ],
  evaluate(document) {
    const firmware = firmwareDefinition(document.root);
    const { loader, path, chosenBy, type, isStateless } = firmware;
    if (loader === undefined || path === null) return [];
    if (chosenBy !== null) return notApplicable('libvirt fills in what the loader does not say');
    if (isStateless || first(document.root, 'launchSecurity') !== undefined)
      return notApplicable('stateless firmware, which keeps nothing');
    if (type === 'rom') return judgeRom(document, loader, path);
    return judgeFlash(document, loader, firmware);
  },
});

/** Measured with QEMU 7.2: code of the 4 MiB build is refused ("could not load PC BIOS"), that of the 2 MiB build starts and forgets. */
function judgeRom(document: DomainDocument, loader: XmlElement, path: string): Outcome {
  const build = firmwareBuild(path);
  const isUefi = build.part === 'code' || document.domain.firmware === 'efi';
  if (!isUefi) return notApplicable('a BIOS, which is a ROM');
  const isRefused = build.part === 'code' && build.size === '4M';
  const message = isRefused
    ? `${path} as a ROM: QEMU does not load it`
    : `${path} as a ROM: UEFI forgets boot entries and keys whenever the VM is switched off`;
  return failAt(document, loader, message, {
    expected: "type='pflash' readonly='yes'",
    remedy: fix(document, path),
    // What starts today may have no variables made for it: that is for the user to try.
    ...(isRefused
      ? { edits: [setAttribute(document, loader, 'readonly', 'yes'), setAttribute(document, loader, 'type', 'pflash')] }
      : { severity: 'major' }),
  });
}

function judgeFlash(document: DomainDocument, loader: XmlElement, { path, isReadOnly }: FirmwareDefinition): Outcome {
  if (isReadOnly === true) return passAt(document, loader);
  const file = path ?? '';
  const isShared = isPackagedFirmware(file) || firmwareBuild(file).part === 'code';
  if (!isShared) return notApplicable('flash of its own, with the variables in it');
  const writable = isReadOnly === false;
  const message = writable
    ? `${file} is writable for the guest`
    : `nothing says that ${file} is read-only: libvirt before 9.2 opens it for writing`;
  return failAt(document, loader, message, {
    expected: "readonly='yes'",
    remedy: fix(document, file),
    // From 9.2 on libvirt fills it in for firmware that a descriptor lists.
    ...(writable ? {} : { severity: 'major' }),
    edits: [setAttribute(document, loader, 'readonly', 'yes')],
  });
}

function fix(document: DomainDocument, path: string): ReturnType<typeof xmlRemedy> {
  const write = `<loader readonly='yes' type='pflash'>${path}</loader>`;
  return xmlRemedy(document, 'Write that the loader is read-only flash memory', { inside: '<os>', write });
}
