import { type GuestTopology, guestTopology, TOPOLOGY_LEVELS } from '../../../src/domain/guest-topology.ts';
import { vcpusOf } from '../../../src/domain/vcpus.ts';
import { attribute } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';

export default defineDomainRule({
  id: 'domain/cpu/topology-product',
  title: 'The CPU topology has as many threads as the domain has vCPUs',
  severity: 'blocker',
  why: 'libvirt refuses a domain whose topology does not multiply to its maximum of vCPUs.',
  sources: [
    'https://libvirt.org/formatdomain.html#cpu-model-and-topology',
    'https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_validate.c',
  ],
  evaluate(document) {
    const topology = guestTopology(document);
    if (topology === null) return [];
    const { element, levels, product } = topology;
    const wrong = TOPOLOGY_LEVELS.find((level) => Number.isNaN(levels[level]));
    if (wrong !== undefined) {
      const spot = attribute(element, wrong) === null ? element : { element, attribute: wrong };
      return failAt(document, spot, wrongWords(topology, wrong), {
        expected: 'a number from 1 on',
        remedy: xmlRemedy(document, `Write how many ${wrong} there are in one of the level above`),
      });
    }
    if (levels.clusters > 1) {
      return failAt(
        document,
        { element, attribute: 'clusters' },
        `the topology has ${levels.clusters} clusters, and no x86 machine of QEMU has any`,
        {
          expected: "clusters='1'",
          remedy: xmlRemedy(document, 'Remove clusters, and count their cores in cores'),
        },
      );
    }
    // `current` is what the guest starts with: the topology has a place for each vCPU that can be plugged in.
    const { max } = vcpusOf(document);
    if (Number.isNaN(max)) return notApplicable('the number of vCPUs is not known (see domain/cpu/vcpu-count)');
    if (product === max) return passAt(document, element);
    return failAt(
      document,
      element,
      `the topology has ${product} ${product === 1 ? 'thread' : 'threads'}, the domain ${max} ${max === 1 ? 'vCPU' : 'vCPUs'}`,
      {
        expected: `a product of ${max}`,
        remedy: xmlRemedy(document, `Write a topology of ${max} ${max === 1 ? 'thread' : 'threads'}, or set <vcpu> to ${product}`),
      },
    );
  },
});

function wrongWords({ element }: GuestTopology, level: string): string {
  const written = attribute(element, level);
  return written === null ? `the topology does not say how many ${level} there are` : `${written.slice(0, 40)} is no number of ${level}`;
}
