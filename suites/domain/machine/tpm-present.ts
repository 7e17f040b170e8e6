import { windows11Guest } from '../../../src/domain/applies.ts';
import { insertAt } from '../../../src/domain/edit.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { TPM_XML, tpmDevices } from '../machine-tpm.ts';

export default defineDomainRule({
  id: 'domain/machine/tpm-present',
  title: 'Windows 11 has a TPM',
  severity: 'major',
  wantsHost: ['swtpm'],
  applies: [windows11Guest],
  why: 'Windows 11 asks for a TPM 2.0: its setup and the update to its next version refuse a machine without one, and games with kernel anti-cheat do.',
  sources: [
    'https://learn.microsoft.com/en-us/windows/whats-new/windows-11-requirements',
    'https://libvirt.org/formatdomain.html#tpm-device',
  ],
  evaluate(document, { swtpm }) {
    const [tpm] = tpmDevices(document);
    if (tpm !== undefined) return passAt(document, tpm.element);
    // With a TPM that the host cannot emulate the domain would not start any more.
    const isMissing = swtpm.ok && Object.values(swtpm.value.tools).some(({ state }) => state === 'absent');
    const summary = isMissing ? 'Install swtpm on the host (package swtpm), then add a TPM' : 'Add a TPM; the host needs swtpm for it';
    return failAt(document, first(document.root, 'devices') ?? document.root, 'there is no <tpm>', {
      expected: 'a TPM 2.0',
      remedy: xmlRemedy(document, summary, { inside: '<devices>', write: TPM_XML }),
      edits: isMissing ? [] : [insertAt(document, ['devices'], TPM_XML)],
    });
  },
});
