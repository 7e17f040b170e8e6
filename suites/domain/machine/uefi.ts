import { windows11Guest } from '../../../src/domain/applies.ts';
import { firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/machine/uefi',
  title: 'Windows 11 starts from UEFI',
  severity: 'blocker',
  applies: [windows11Guest],
  why: 'Windows 11 is made for UEFI: its setup refuses a BIOS, a disk installed under UEFI does not start from one, and updates to the next version stop.',
  sources: [
    'https://learn.microsoft.com/en-us/windows/whats-new/windows-11-requirements',
    'https://libvirt.org/formatdomain.html#bios-bootloader',
  ],
  evaluate(document) {
    const { os, loader, path } = firmwareDefinition(document.root);
    const spot = loader ?? os ?? document.root;
    if (document.domain.firmware === 'efi') return passAt(document, spot);
    const message = path === null ? 'the VM starts from a BIOS, which Windows 11 does not support' : `${path} is no UEFI firmware`;
    return failAt(document, spot, message, {
      expected: "firmware='efi'",
      // Not an edit: what is installed under a BIOS does not start under UEFI before its disk was converted.
      remedy: xmlRemedy(
        document,
        "Write firmware='efi'; a Windows that was installed under the BIOS needs `mbr2gpt /convert /allowFullOS` inside the guest first",
        { inside: '<domain>', write: "<os firmware='efi'/>" },
      ),
    });
  },
});
