import { numaTuneOf } from '../../../src/domain/numatune.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import type { NumaNode } from '../../../src/facts/numa.ts';

export default defineDomainRule({
  id: 'domain/memory/numa-nodes',
  title: 'The NUMA nodes that the memory shall come from exist and have memory',
  severity: 'blocker',
  host: ['numaNodes'],
  why: 'libvirt does not start a domain whose memory shall come from a NUMA node that the host does not have (NUMA node 1 is unavailable).',
  sources: ['https://libvirt.org/formatdomain.html#numa-node-tuning', 'https://docs.kernel.org/admin-guide/mm/numa_memory_policy.html'],
  evaluate(document, { numaNodes }) {
    const { memory, cells } = numaTuneOf(document);
    const policies = [...(memory === null ? [] : [memory]), ...cells.values()].filter(({ nodeset }) => nodeset !== null);
    if (policies.length === 0) return [];
    if (numaNodes.length === 0) return notApplicable('the kernel of this host does not tell NUMA nodes apart');
    const known = new Map(numaNodes.map((node) => [node.id, node]));
    const remedy = xmlRemedy(document, `Name NUMA nodes of this host that have memory, of ${words(numaNodes.map(({ id }) => id))}`);
    const evidence = [{ source: '/sys/devices/system/node', observed: numaNodes.map(({ id }) => `node${id}`).join(', ') }];
    const bad = policies.flatMap(({ element, nodes, nodeset }) => {
      const why = fault(nodes, nodeset ?? '', known);
      return why === null ? [] : [failAt(document, { element, attribute: 'nodeset' }, why, { remedy, evidence })];
    });
    const [policy] = policies;
    return bad.length > 0 || policy === undefined
      ? bad.slice(0, MOST)
      : passAt(document, { element: policy.element, attribute: 'nodeset' });
  },
});

/** A guest with more bad cells than this has one fault. */
const MOST = 20;

/** Null: there is none. */
function fault(nodes: readonly number[] | null, nodeset: string, known: ReadonlyMap<number, NumaNode>): string | null {
  if (nodes === null) return `${JSON.stringify(nodeset.slice(0, 60))} is no set of NUMA nodes`;
  const unknown = nodes.filter((node) => !known.has(node));
  if (unknown.length > 0) return `this host has no NUMA node ${words(unknown)}`;
  return nodes.some((node) => known.get(node)?.memoryKiB !== 0) ? null : `NUMA node ${words(nodes)} has no memory`;
}

/** At most a few of them. */
function words(nodes: readonly number[]): string {
  const named = nodes.slice(0, 8);
  return nodes.length > named.length ? `${named.join(', ')} …` : named.join(', ');
}
