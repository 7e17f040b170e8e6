import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { isNarrowerThan } from '../../../src/domain/die-ids.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { guestCpu, isHostCpu } from '../../../src/domain/guest-cpu.ts';
import { guestTopology } from '../../../src/domain/guest-topology.ts';
import { emulatorPin, vcpuPlaces } from '../../../src/domain/pinning.ts';
import { attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import type { CpuTopology } from '../../../src/facts/cpu-topology.ts';
import { cpuWords, pinsRemedy } from '../cpu-pins.ts';

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
    if (cache !== undefined && attribute(cache, 'mode') === 'passthrough') {
      const wrong = cpuTopology.ok
        ? (wrongSize(document, cache, cpuTopology.value) ?? wrongDies(document, cache, cpuTopology.value))
        : null;
      return wrong ?? passAt(document, cache);
    }
    if (cpuTopology.ok && hasSmallDies(document, cpuTopology.value))
      return notApplicable('the dies of the guest are smaller than those that share a cache of the host');
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

/** QEMU shows the caches of the CPU that it starts on, which is one of the emulator's: are those of the vCPUs as large? */
function wrongSize(document: DomainDocument, cache: XmlElement, { l3 }: CpuTopology): Outcome | null {
  const sizeOf = new Map(l3.flatMap(({ cpus, sizeKiB }) => cpus.map((cpu) => [cpu, sizeKiB] as const)));
  const sized = (cpus: readonly number[]): readonly { readonly cpu: number; readonly size: number }[] =>
    cpus.flatMap((cpu) => {
      const size = sizeOf.get(cpu) ?? null;
      return size === null ? [] : [{ cpu, size }];
    });
  const [smallest] = sized(vcpuPlaces(document).flatMap(({ cpus }) => cpus ?? [])).toSorted((a, b) => a.size - b.size);
  const shown = sized(emulatorPin(document)?.cpus ?? []).find(({ size }) => smallest !== undefined && size > smallest.size);
  if (smallest === undefined || shown === undefined) return null;
  const message = `the guest is shown an L3 of ${mib(shown.size)}, that of ${cpuWords([shown.cpu])}, where QEMU may start; its vCPUs have ${mib(smallest.size)} (${cpuWords([smallest.cpu])})`;
  return blame(document, cache, message, [
    {
      source: '/sys/devices/system/cpu',
      observed: `L3 of CPU ${shown.cpu}: ${shown.size} KiB; of CPU ${smallest.cpu}: ${smallest.size} KiB`,
    },
  ]);
}

function wrongDies(document: DomainDocument, cache: XmlElement, topology: CpuTopology): Outcome | null {
  if (!hasSmallDies(document, topology)) return null;
  const message = 'the guest has several dies, and is shown a cache that reaches over more than one of them';
  const sharing = Math.min(...topology.l3.map(({ cpus }) => cpus.length));
  return blame(document, cache, message, [{ source: '/sys/devices/system/cpu', observed: `${sharing} CPUs share an L3` }]);
}

function hasSmallDies(document: DomainDocument, { l3 }: CpuTopology): boolean {
  const levels = guestTopology(document)?.levels;
  // Clusters are parts of a die.
  return levels !== undefined && isNarrowerThan({ ...levels, cores: levels.cores * levels.clusters }, l3);
}

function blame(document: DomainDocument, cache: XmlElement, message: string, evidence: readonly Evidence[]): Outcome {
  return failAt(document, cache, message, {
    expected: 'no caches of the host',
    evidence,
    remedy: pinsRemedy(document, "Remove <cache mode='passthrough'/>, which a plan of the pins does where it would be wrong"),
  });
}

function mib(sizeKiB: number): string {
  return `${Math.round(sizeKiB / 1024)} MiB`;
}
