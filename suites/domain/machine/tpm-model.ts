import { windows11Guest } from '../../../src/domain/applies.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { TPM_XML, tpmDevices } from '../machine-tpm.ts';

export default defineDomainRule({
  id: 'domain/machine/tpm-model',
  title: 'The TPM 2.0 has the CRB interface',
  // tpm-tis works as well: Windows has a driver for both.
  severity: 'info',
  applies: [windows11Guest],
  why: 'CRB is the interface that was made for TPM 2.0, and what real machines of today have; tpm-tis is that of TPM 1.2 and works, too.',
  sources: ['https://libvirt.org/formatdomain.html#tpm-device', 'https://www.qemu.org/docs/master/specs/tpm.html'],
  evaluate(document) {
    const [tpm] = tpmDevices(document);
    if (tpm === undefined) return [];
    if (tpm.type !== 'emulator' || tpm.effectiveVersion !== '2.0') return notApplicable('no emulated TPM 2.0');
    if (tpm.model === 'tpm-crb') return passAt(document, tpm.element);
    return failAt(document, tpm.element, `TPM 2.0 behind ${tpm.model.slice(0, 40)}: harmless, it works`, {
      expected: 'tpm-crb',
      remedy: xmlRemedy(document, 'Take tpm-crb in a new VM; a VM that runs can stay as it is', { inside: '<devices>', write: TPM_XML }),
    });
  },
});
