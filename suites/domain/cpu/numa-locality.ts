import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import { gpuNode } from '../cpu-gpu-node.ts';
import { coresLike, coresWith, hostCores } from '../cpu-host.ts';
import { boundOn, cpusOf, cpuWords, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/numa-locality',
  title: 'The vCPUs are on the NUMA node of the GPU',
  severity: 'major',
  host: ['cpuTopology', 'pciDevices'],
  why: 'Between nodes every access to the GPU and to the memory of the guest goes over a slower link, and takes longer.',
  sources: [
    'https://docs.kernel.org/admin-guide/mm/numaperf.html',
    'https://looking-glass.io/docs/B7/install_libvirt/#additional-tuning',
    'https://libvirt.org/formatdomain.html#numa-node-tuning',
  ],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology, pciDevices }) {
    const host = hostCores(cpuTopology);
    const nodes = new Set(cpuTopology.cores.map(({ node }) => node));
    if (nodes.size < 2) return notApplicable('the CPUs of the host are on one NUMA node');
    const near = gpuNode(document, pciDevices);
    if ('reason' in near) return notApplicable(near.reason);
    const bound = boundOn(document, cpuTopology.online);
    if ('reason' in bound) return notApplicable(bound.reason);
    const mine = cpusOf(bound.places);
    const used = coresWith(host, mine);
    const far = [...used].filter(({ node }) => node !== near.node);
    const spot = tuningElement(document);
    if (far.length === 0) return passAt(document, spot);
    const gpu = near.gpu.address;
    if (coresLike(host, used, near.node).length < used.size)
      return passAt(document, spot, `node ${near.node} of the GPU ${gpu} has no room for all vCPUs`);
    const cpus = far.flatMap((core) => core.cpus.filter((cpu) => mine.has(cpu)));
    const where = [...new Set(far.map(({ node }) => String(node)))].join(', ');
    return failAt(
      document,
      spot,
      `${cpuWords(cpus)} of the vCPUs ${cpus.length === 1 ? 'is' : 'are'} on node ${where}, the GPU ${gpu} on node ${near.node}`,
      {
        evidence: [
          { source: `/sys/bus/pci/devices/${gpu}/numa_node`, observed: String(near.node) },
          {
            source: `/sys/devices/system/node/node${near.node}/cpulist`,
            observed: formatCpuList(cpuTopology.cores.flatMap((core) => (core.node === near.node ? core.cpus : []))),
          },
        ],
        remedy: pinsRemedy(document, `Pin the vCPUs to CPUs of node ${near.node}, and take the memory from there`),
      },
    );
  },
});
