import { passesDeviceThrough, windows11Guest } from '../../../src/domain/applies.ts';
import { vcpusOf } from '../../../src/domain/vcpus.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: 'domain/cpu/vcpu-count',
  title: 'The guest starts with all vCPUs that it has',
  severity: 'blocker',
  why: 'libvirt refuses a number of vCPUs that is none. vCPUs that are plugged in later are of use to few guests: Windows takes them in its server editions only.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-allocation', 'https://www.microsoft.com/windows/windows-11-specifications'],
  anyGuest: true,
  evaluate(document) {
    const { element, max, current, enabled } = vcpusOf(document);
    if (element === undefined) return tooFew(document, document.root, 1) ?? passWithout(document, 'no <vcpu>: one vCPU');
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
    const few = tooFew(document, element, Math.min(current ?? max, max));
    if (few !== null) return few;
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

/** Setup of Windows 11 wants two processors. */
function tooFew(document: DomainDocument, spot: XmlElement, count: number): Outcome | null {
  if (count > 1 || windows11Guest(document) !== null) return null;
  return failAt(document, spot, 'Windows 11 has one vCPU, and its Setup wants two', {
    expected: '2 or more',
    severity: 'major',
    remedy: xmlRemedy(document, 'Give the guest two vCPUs or more, and the topology as many', {
      inside: '<domain>',
      write: "<vcpu placement='static'>2</vcpu>",
    }),
  });
}
