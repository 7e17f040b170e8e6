import { type Interface, interfacesOf, isNotEmulated } from '../../../src/domain/interfaces.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { wholeNumber } from '../../../src/domain/whole-number.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

/** Through a tap or macvtap device of the host, which can have several queues. */
const WITH_QUEUES = new Set(['network', 'bridge', 'direct', 'ethernet', 'vhostuser', 'vdpa', 'hostdev']);

export default defineDomainRule({
  id: 'domain/network/queues',
  title: 'The queues of the network cards are ones that can be used',
  severity: 'minor',
  why: 'A card of the type user with several queues keeps the VM from starting; other queues that nobody can use only take memory and interrupts.',
  sources: ['https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options'],
  evaluate(document) {
    return interfacesOf(document).flatMap((card) => judge(document, card));
  },
});

function judge(document: DomainDocument, card: Interface): readonly Outcome[] {
  const { vcpus } = document.domain;
  const written = attribute(card.driver, 'queues');
  if (written === null || card.driver === undefined) return [];
  const spot = { element: card.driver, attribute: 'queues' };
  const remedy = xmlRemedy(document, 'Remove queues from the <driver>');
  const queues = wholeNumber(written);
  if (queues === null) {
    const message = `${card.name} has '${written.slice(0, 40)}' queues`;
    return [failAt(document, spot, message, { expected: 'a whole number', remedy, severity: 'blocker' })];
  }
  const isVirtio = card.model?.startsWith('virtio') === true || isNotEmulated(card);
  if (!isVirtio) return [failAt(document, spot, `${card.name} has queues, which only virtio uses`, { expected: 'no queues', remedy })];
  if (queues > 1 && !WITH_QUEUES.has(card.type)) {
    const message = `${card.name} has ${queues} queues, and is of the type ${card.type.slice(0, 40)}, which has one`;
    return [failAt(document, spot, message, { expected: 'no queues', remedy, severity: 'blocker' })];
  }
  if (queues > Math.max(1, vcpus)) {
    const message = `${card.name} has ${queues} queues, more than ${vcpus === 1 ? 'the one vCPU' : `the ${vcpus} vCPUs`} can use`;
    return [
      failAt(document, spot, message, {
        expected: `at most ${vcpus}`,
        remedy: xmlRemedy(document, `Write queues='${vcpus}', or remove it`),
      }),
    ];
  }
  return [passAt(document, spot)];
}
