import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import { coresWith, hostCores } from '../cpu-host.ts';
import { boundOn, cpusOf, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/hybrid',
  title: 'All vCPUs are on cores of one kind, performance or efficiency',
  severity: 'major',
  host: ['cpuTopology'],
  why: 'QEMU shows a guest cores that are all alike: it puts the work that matters on an efficiency core as gladly as on a performance core, and waits for the slowest.',
  sources: ['https://docs.kernel.org/arch/x86/topology.html', 'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_pinning'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology }) {
    const host = hostCores(cpuTopology);
    const efficient = new Set(cpuTopology.cores.filter(({ kind }) => kind === 'efficiency'));
    const fast = cpuTopology.cores.filter(({ kind }) => kind === 'performance');
    if (efficient.size === 0 || fast.length === 0) return notApplicable('the cores of the host are of one kind');
    const bound = boundOn(document, cpuTopology.online);
    if ('reason' in bound) return notApplicable(bound.reason);
    const used = [...coresWith(host, cpusOf(bound.places))];
    const slow = used.filter((core) => efficient.has(core));
    const spot = tuningElement(document);
    if (slow.length === 0 || slow.length === used.length) return passAt(document, spot);
    const room = fast.filter((core) => core !== host.boot).flatMap(({ cpus }) => cpus).length;
    const isNeeded = bound.places.length > Math.max(room, efficient.size);
    if (isNeeded) return passAt(document, spot, `neither kind has ${bound.places.length} CPUs for a guest`);
    const cpus = (cores: typeof used): string => formatCpuList(cores.flatMap((core) => core.cpus));
    const mixed = used.filter((core) => !efficient.has(core));
    return failAt(document, spot, `the vCPUs are on performance cores (CPUs ${cpus(mixed)}) and on efficiency cores (CPUs ${cpus(slow)})`, {
      evidence: [
        { source: '/sys/devices/cpu_core/cpus', observed: cpus(fast) },
        { source: '/sys/devices/cpu_atom/cpus', observed: cpus([...efficient]) },
      ],
      remedy: pinsRemedy(document, 'Pin all vCPUs to performance cores, and leave the efficiency cores to the host'),
    });
  },
});
