import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { vcpusOf } from '../../../src/domain/vcpus.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/cpu/vcpu-count',
  title: 'The guest starts with all vCPUs that it has',
  severity: 'blocker',
  why: 'libvirt refuses a number of vCPUs that is none. vCPUs that are plugged in later are of use to few guests: Windows takes them in its server editions only.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-allocation'],
  anyGuest: true,
  evaluate(document) {
    const { element, max, current, enabled } = vcpusOf(document);
    if (element === undefined) return passWithout(document, 'no <vcpu>: one vCPU');
    if (Number.isNaN(max) || max === 0) {
      const written = element.text.trim().slice(0, 40);
      const remedy = xmlRemedy(document, 'Write how many vCPUs the guest has, without blanks behind the number');
      return failAt(document, element, `"${written}" is no number of vCPUs`, { expected: 'a number from 1 on', remedy });
    }
    if (current !== null && (Number.isNaN(current) || current === 0 || current > max)) {
      const message = `the guest cannot start with "${element.attributes['current']?.slice(0, 40)}" of ${max} vCPUs`;
      return failAt(document, { element, attribute: 'current' }, message, {
        expected: `a number from 1 to ${max}`,
        remedy: xmlRemedy(document, 'Remove current: the guest starts with all vCPUs then'),
      });
    }
    if (first(document.root, 'vcpus') !== undefined) return passAt(document, element, `<vcpus> chooses ${enabled.length} of ${max} vCPUs`);
    // Servers without a GPU take vCPUs on purpose when they need them.
    if (current === null || current === max || passesDeviceThrough(document) !== null) return passAt(document, element);
    return failAt(document, { element, attribute: 'current' }, `the guest starts with ${current} of its ${max} vCPUs`, {
      expected: `${max}, or no current`,
      severity: 'minor',
      remedy: xmlRemedy(document, `Remove current, or set <vcpu> and the topology to ${current}`),
    });
  },
});
