import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { TPM_XML, tpmDevices } from '../machine-tpm.ts';

export default defineDomainRule({
  id: 'domain/machine/tpm-shared',
  title: "The guest has a TPM of its own, not the host's",
  severity: 'major',
  why: "The TPM of the host serves one user at a time: the guest can clear it, and with it the host's disk encryption; while the host uses it, the VM does not start.",
  sources: ['https://libvirt.org/formatdomain.html#tpm-device', 'https://www.qemu.org/docs/master/specs/tpm.html'],
  evaluate(document) {
    const [tpm] = tpmDevices(document);
    if (tpm === undefined) return [];
    if (tpm.type !== 'passthrough') return passAt(document, tpm.element);
    return failAt(document, tpm.backend ?? tpm.element, 'the TPM of the host is given to the guest', {
      expected: "type='emulator'",
      // Not an edit: what the guest sealed with this TPM is lost with it.
      remedy: xmlRemedy(document, 'Emulate a TPM (swtpm on the host); have the recovery key of BitLocker at hand before', {
        inside: '<devices>',
        write: TPM_XML,
      }),
    });
  },
});
