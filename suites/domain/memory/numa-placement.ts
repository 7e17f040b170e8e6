import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { guestMemoryOf } from '../../../src/domain/guest-memory.ts';
import { boundNodes, numaTuneOf } from '../../../src/domain/numatune.ts';
import { passedAddresses } from '../../../src/domain/passed-addresses.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable } from '../../../src/engine/outcome.ts';
import { isDisplay, type PciDevice } from '../../../src/facts/pci-devices.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { first } from '../../../src/domain/xml.ts';

export default defineDomainRule({
  id: 'domain/memory/numa-placement',
  title: 'The memory of the guest is on the NUMA node of its GPU',
  severity: 'major',
  host: ['numaNodes', 'pciDevices'],
  applies: [passesDeviceThrough],
  why: 'Memory on another node is slower for the GPU and for the vCPUs beside it; without numatune the kernel takes it from where some is free.',
  sources: ['https://libvirt.org/formatdomain.html#numa-node-tuning', 'https://docs.kernel.org/admin-guide/mm/numa_memory_policy.html'],
  evaluate(document, { numaNodes, pciDevices }) {
    const withMemory = numaNodes.filter(({ memoryKiB }) => memoryKiB !== 0);
    if (withMemory.length < 2) return notApplicable('the host has one NUMA node with memory');
    const gpus = passedGpus(document, pciDevices).filter(({ numaNode }) => numaNode !== null);
    const wanted = [...new Set(gpus.flatMap(({ numaNode }) => numaNode ?? []))].toSorted((a, b) => a - b);
    if (wanted.length === 0) return notApplicable('the firmware does not say which NUMA node the passed devices are on');
    const { memory, cells } = numaTuneOf(document);
    const policies = cells.size > 0 ? [...cells.values()] : [memory].filter((policy) => policy !== null);
    const bound = policies.map((policy) => boundNodes(policy)).filter((nodes) => nodes !== null);
    const used = new Set(bound.flat());
    const element = first(document.root, 'numatune') ?? document.root;
    const totalKiB = guestMemoryOf(document)?.totalKiB ?? 0;
    const roomKiB = withMemory.filter(({ id }) => wanted.includes(id)).reduce((sum, node) => sum + (node.memoryKiB ?? 0), 0);
    const isNear = bound.length === policies.length && bound.length > 0 && wanted.every((node) => used.has(node));
    const isOnlyThere = [...used].every((node) => wanted.includes(node));
    if (isNear && (isOnlyThere || totalKiB > roomKiB || cells.size > 0)) return passAt(document, element);
    const where = wanted.join(', ');
    return failAt(document, element, why({ used: [...used], isBound: bound.length > 0, isNear, where }), {
      expected: `mode='strict' nodeset='${wanted.join(',')}'`,
      evidence: gpus.map(seen),
      remedy: xmlRemedy(document, `Take the memory from NUMA node ${where}`, {
        inside: '<numatune>',
        write: `<memory mode='strict' nodeset='${wanted.join(',')}'/>`,
      }),
      ...(isNear ? { severity: 'minor' as const } : {}),
    });
  },
});

/** Graphics cards; any passed device where there is none. */
function passedGpus(document: DomainDocument, devices: readonly PciDevice[]): readonly PciDevice[] {
  const passed = passedAddresses(document);
  const present = devices.filter(({ address }) => passed.has(address));
  const gpus = present.filter(isDisplay);
  return gpus.length > 0 ? gpus : present;
}

function seen({ address, numaNode }: PciDevice): Evidence {
  return { source: `/sys/bus/pci/devices/${address}/numa_node`, observed: String(numaNode) };
}

interface Finding {
  readonly used: readonly number[];
  readonly isBound: boolean;
  readonly isNear: boolean;
  readonly where: string;
}

function why({ used, isBound, isNear, where }: Finding): string {
  if (!isBound) return `nothing binds the memory to NUMA node ${where}, where the GPU is`;
  const from = used.toSorted((a, b) => a - b).join(', ');
  return isNear
    ? `the memory may come from NUMA nodes ${from}, and the GPU is on ${where}`
    : `the memory comes from NUMA node ${from}, and the GPU is on ${where}`;
}
