import { x86Guest } from '../domain/applies.ts';
import type { DomainDocument } from '../domain/document.ts';
import { setsOwnTopology } from '../domain/guest-cpu.ts';
import { ioThreadsOf } from '../domain/io-threads.ts';
import { vcpusOf } from '../domain/vcpus.ts';
import { all } from '../domain/xml.ts';
import type { PinRequest, Refusal } from './model.ts';
import { counted } from './words.ts';

/** What a definition asks of a plan. */
export type DomainRequest = Pick<PinRequest, 'vcpus' | 'iothreads' | 'memoryKiB' | 'usesHugepages'> & {
  /** Host addresses of the PCI devices that it is given. */
  readonly devices: readonly string[];
  readonly notes: readonly string[];
};

/** The vCPUs that a guest starts with, its I/O threads, memory and devices; or why no plan can be put into it. */
export function domainRequest(document: DomainDocument): { readonly request: DomainRequest } | { readonly refusal: Refusal } {
  const { root, domain } = document;
  const other = x86Guest(document);
  if (other !== null) return { refusal: { reason: other, instead: 'passcheck plans for x86 guests of KVM' } };
  const { max, enabled } = vcpusOf(document);
  if (!(max > 0))
    return {
      refusal: { reason: 'the definition’s <vcpu> is no number that libvirt takes', instead: 'write a number into it, or give --vcpus' },
    };
  const cells = all(root, 'cpu', 'numa', 'cell');
  if (cells.length > 1) {
    return {
      refusal: {
        reason: `the guest has ${counted(cells.length, 'NUMA cell')} of its own, and passcheck plans a VM on one node`,
        instead: 'remove <numa> from <cpu>, or pin each cell to a node by hand',
      },
    };
  }
  const vcpus = enabled.length;
  return {
    request: {
      vcpus,
      iothreads: ioThreadsOf(document).ids,
      usesHugepages: domain.hugepages !== null,
      memoryKiB: domain.memoryKiB > 0 ? domain.memoryKiB : null,
      devices: domain.pciDevices.map(({ address }) => address),
      notes: [
        ...(vcpus === max
          ? []
          : [`The definition has ${counted(max, 'vCPU')}, of which ${vcpus} are plugged in: the plan has these ${vcpus}.`]),
        ...(setsOwnTopology(document)
          ? ['QEMU’s own argument -smp in the definition overrides the topology of this plan: remove it.']
          : []),
      ],
    },
  };
}
