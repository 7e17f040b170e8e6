import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { guestCpu, isHostCpu } from '../../../src/domain/guest-cpu.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import type { CpuTopology } from '../../../src/facts/cpu-topology.ts';

export default defineDomainRule({
  id: 'domain/cpu/cache',
  title: 'The guest is shown the caches of the host',
  severity: 'minor',
  wantsHost: ['cpuTopology'],
  why: 'Otherwise QEMU makes caches up: 16 MiB of third level, whatever the host has. Programs that divide their work by the size of the cache choose wrongly.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-model-and-topology', 'https://gitlab.com/qemu-project/qemu/-/issues/2270'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology }) {
    const cpu = guestCpu(document);
    const { element } = cpu;
    if (element === undefined || !isHostCpu(cpu) || cpu.argument !== null)
      return notApplicable('the guest is not shown the processor of the host');
    const cache = first(element, 'cache');
    if (attribute(cache, 'mode') === 'passthrough') return passAt(document, cache ?? element);
    const difference = cpuTopology.ok ? differenceOf(cpuTopology.value) : null;
    if (difference !== null) return notApplicable(`${difference}: QEMU would show those of the CPU that it happens to start on`);
    return failAt(
      document,
      cache ?? element,
      cache === undefined ? 'QEMU makes the caches of the guest up' : 'the caches of the guest are not those of the host',
      {
        expected: "<cache mode='passthrough'/>",
        remedy: xmlRemedy(document, 'Show the guest the caches of the host', { inside: '<cpu>', write: "<cache mode='passthrough'/>" }),
      },
    );
  },
});

/** On hosts whose cores are not all alike there are no caches that could be shown. */
function differenceOf({ cores, l3 }: CpuTopology): string | null {
  if (new Set(cores.map(({ kind }) => kind)).size > 1) return 'performance and efficiency cores have different caches';
  return new Set(l3.map(({ sizeKiB }) => sizeKiB)).size > 1 ? 'the third-level caches of this host differ in size' : null;
}
