import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { tpmDevices } from '../machine-tpm.ts';

export default defineDomainRule({
  id: 'domain/machine/tpm-single',
  title: 'The domain has one TPM at most',
  severity: 'blocker',
  why: 'libvirt refuses a domain with two TPMs.',
  sources: ['https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c'],
  evaluate(document) {
    const [tpm, second, ...others] = tpmDevices(document);
    if (tpm === undefined) return [];
    if (second === undefined) return passAt(document, tpm.element);
    return failAt(document, second.element, `there are ${others.length + 2} TPMs: libvirt takes one`, {
      expected: 'one <tpm>',
      remedy: xmlRemedy(document, 'Keep the <tpm> that the guest uses, and remove the others'),
    });
  },
});
