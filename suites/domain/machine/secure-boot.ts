import { windows11Guest } from '../../../src/domain/applies.ts';
import { firmwareBuild } from '../../../src/domain/firmware-build.ts';
import { type FirmwareDefinition, firmwareDefinition } from '../../../src/domain/firmware-definition.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { chosenDescriptor } from '../machine-firmware.ts';

const XML = `<os firmware='efi'>
  <firmware>
    <feature enabled='yes' name='enrolled-keys'/>
    <feature enabled='yes' name='secure-boot'/>
  </firmware>`;

export default defineDomainRule({
  id: 'domain/machine/secure-boot',
  title: 'The firmware of Windows 11 can do Secure Boot',
  severity: 'major',
  wantsHost: ['firmwareDescriptors'],
  applies: [windows11Guest],
  why: 'Windows 11 asks for firmware that can do Secure Boot: setup and the update to the next version refuse other firmware, and games with kernel anti-cheat want it on.',
  sources: [
    'https://learn.microsoft.com/en-us/windows/whats-new/windows-11-requirements',
    'https://libvirt.org/formatdomain.html#bios-bootloader',
  ],
  evaluate(document, { firmwareDescriptors }) {
    if (document.domain.firmware !== 'efi') return notApplicable('no UEFI (domain/machine/uefi)');
    const firmware = firmwareDefinition(document.root);
    const spot = firmware.loader ?? firmware.featuresElement ?? firmware.os ?? document.root;
    const listed = firmwareDescriptors.ok ? chosenDescriptor(document, firmwareDescriptors.value.descriptors) : null;
    const byHost = listed === null ? null : listed.features.includes('secure-boot');
    const isAble = ability(firmware) ?? byHost;
    if (isAble === null) return notApplicable('the definition does not tell, and libvirt knows on the host: --host or --from judges it');
    if (isAble) return passAt(document, spot, keys(firmware));
    return failAt(document, spot, 'the firmware cannot do Secure Boot', {
      expected: 'secure-boot',
      // Not an edit: the variables are made anew, and BitLocker asks for its recovery key.
      remedy: xmlRemedy(
        document,
        'Let libvirt choose firmware with Secure Boot, without <loader> and <nvram>, and start once with `virsh start --reset-nvram`; have the recovery key of BitLocker at hand',
        { inside: '<domain>', write: XML },
      ),
    });
  },
});

/** What the definition itself tells; null: nothing, or the name of a file that could be anything. */
function ability({ features, isSecure, path }: FirmwareDefinition): boolean | null {
  const asked = features.get('secure-boot');
  if (asked !== undefined) return asked;
  if (isSecure === true) return true;
  if (path === null) return null;
  return firmwareBuild(path).hasSecureBoot ? true : knownPlain(path);
}

/** Names without a mark that packages give to firmware without Secure Boot. */
function knownPlain(path: string): false | null {
  return /^\/usr\/share\/(?:OVMF|ovmf|edk2|edk2-ovmf)\/(?:ovmf\/|x64\/)?OVMF_CODE(?:_4M|\.4m)?\.(?:fd|qcow2)$/.test(path) ? false : null;
}

function keys({ features, template }: FirmwareDefinition): string | undefined {
  const isOff =
    features.get('enrolled-keys') === false || (template !== null && firmwareBuild(template).part === 'vars' && !hasKeys(template));
  return isOff ? 'able to, and off until keys are enrolled: Windows 11 wants no more' : undefined;
}

function hasKeys(template: string): boolean {
  return /[._-](?:ms|secboot|snakeoil|enrolled)[._-]/i.test(template);
}
