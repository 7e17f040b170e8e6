import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';

const LEVELS = ['sockets', 'dies', 'clusters', 'cores', 'threads'] as const;

export default defineDomainRule({
  id: 'domain/cpu/topology-product',
  title: 'The CPU topology has as many threads as the domain has vCPUs',
  severity: 'blocker',
  why: 'libvirt refuses a domain whose topology does not multiply to its maximum of vCPUs.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-model-and-topology'],
  evaluate(document) {
    const topology = first(document.root, 'cpu', 'topology');
    if (topology === undefined) return [];
    const vcpus = document.domain.vcpus;
    const product = LEVELS.reduce((threads, level) => threads * count(topology, level), 1);
    if (product === vcpus) return passAt(document, topology);
    return failAt(document, topology, `the topology has ${product} threads, the domain ${vcpus} vCPUs`, {
      expected: `a product of ${vcpus}`,
      remedy: xmlRemedy(document, `Write a topology of ${vcpus} threads, or set <vcpu> to ${product}`),
    });
  },
});

/** A level that is not written is one. */
function count(topology: XmlElement, level: (typeof LEVELS)[number]): number {
  const text = attribute(topology, level) ?? '1';
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}
