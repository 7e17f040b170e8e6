import type { DomainDocument } from '../../../src/domain/document.ts';
import { setAttribute } from '../../../src/domain/edit.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { type TpmDevice, tpmDevices } from '../machine-tpm.ts';

export default defineDomainRule({
  id: 'domain/machine/tpm-version',
  title: 'The TPM is version 2.0',
  severity: 'blocker',
  why: 'libvirt refuses tpm-crb with TPM 1.2. Windows 11 takes no TPM 1.2 for its requirement: setup and the update to its next version stop.',
  sources: [
    'https://libvirt.org/formatdomain.html#tpm-device',
    'https://learn.microsoft.com/en-us/windows/whats-new/windows-11-requirements',
  ],
  evaluate(document) {
    return tpmDevices(document)
      .filter(({ type }) => type === 'emulator')
      .slice(0, 8)
      .map((tpm) => judge(document, tpm));
  },
});

function judge(document: DomainDocument, tpm: TpmDevice): Outcome {
  const { element, backend, model, version, effectiveVersion } = tpm;
  const spot = backend ?? element;
  const at = version === null ? spot : { element: spot, attribute: 'version' };
  const remedy = xmlRemedy(document, 'Write version 2.0', {
    inside: `<tpm model='${model}'>`,
    within: element,
    write: "<backend type='emulator' version='2.0'/>",
  });
  const expected = "version='2.0'";
  if (version !== null && !['1.2', '2.0'].includes(version))
    return failAt(document, at, `libvirt knows no TPM version "${version.slice(0, 20)}"`, { expected, remedy });
  if (effectiveVersion === '2.0') return passAt(document, spot, version === null ? 'libvirt takes 2.0 for tpm-crb' : undefined);
  if (model === 'tpm-crb') {
    const edits = [setAttribute(document, spot, 'version', '2.0')];
    return failAt(document, at, 'tpm-crb with TPM 1.2: libvirt refuses it', { expected, remedy, edits });
  }
  if (document.guest.os !== 'windows' || document.guest.version !== '11') return notApplicable('only Windows 11 asks for TPM 2.0');
  const message = version === null ? `no version is written: for ${model} libvirt takes TPM 1.2` : 'the TPM is version 1.2';
  // Not an edit, and no blocker: the VM runs, and what Windows sealed with the old TPM (BitLocker, a PIN) is lost with it.
  return failAt(document, at, message, {
    expected,
    severity: 'major',
    remedy: {
      ...remedy,
      summary: 'Write version 2.0. The VM gets a new TPM: before that, suspend BitLocker in the guest and have its recovery key at hand',
    },
  });
}
