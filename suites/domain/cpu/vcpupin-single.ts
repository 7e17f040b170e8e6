import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable, type Severity } from '../../../src/engine/outcome.ts';
import type { CpuIsolation } from '../../../src/facts/cpu-isolation.ts';
import { ISOLATED_PATH } from '../../../src/facts/cpu-isolation.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import type { CpuTopology } from '../../../src/facts/cpu-topology.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { cacheEvidence, cachesWith, coresWith, hostCores } from '../cpu-host.ts';
import { type BoundPlace, boundVcpus, cpuWords, pinSpot, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/vcpupin-single',
  title: 'Every vCPU stays on one CPU',
  severity: 'major',
  wantsHost: ['cpuIsolation', 'cpuTopology'],
  why: 'A vCPU that may run on several CPUs is moved between them, and leaves what it had in the cache behind. On CPUs that isolcpus isolates it is not moved at all: all of them wait for the first one.',
  sources: [
    'https://libvirt.org/formatdomain.html#cpu-tuning',
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_pinning',
  ],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuIsolation, cpuTopology }) {
    const bound = boundVcpus(document);
    if ('reason' in bound) return notApplicable(bound.reason);
    const ranges = bound.places.filter(({ cpus }) => cpus.length > 1);
    const [first] = ranges;
    if (first === undefined) return passAt(document, tuningElement(document));
    const harm = isolationHarm(ranges, cpuIsolation) ?? cacheHarm(ranges, cpuTopology) ?? RANGE;
    const place = harm.place ?? first;
    const others = ranges.length === 1 ? '' : `, and ${ranges.length - 1} more on several`;
    return failAt(document, pinSpot(document, place), `vCPU ${place.id} may run on ${cpuWords(place.cpus)}${harm.words}${others}`, {
      severity: harm.severity,
      evidence: harm.evidence,
      remedy: pinsRemedy(document, 'Pin each vCPU to one CPU'),
    });
  },
});

interface Harm {
  readonly place?: BoundPlace;
  readonly words: string;
  readonly severity: Severity;
  readonly evidence: readonly Evidence[];
}

/** A range of cores that the host leaves alone is a choice that one can make. */
const RANGE: Harm = { words: '', severity: 'minor', evidence: [] };

function isolationHarm(ranges: readonly BoundPlace[], isolation: Attempt<CpuIsolation>): Harm | null {
  if (!isolation.ok) return null;
  const isolated = new Set(isolation.value.isolated);
  const place = ranges.find(({ cpus }) => cpus.filter((cpu) => isolated.has(cpu)).length > 1);
  if (place === undefined) return null;
  const evidence = [{ source: ISOLATED_PATH, observed: formatCpuList(isolation.value.isolated) }];
  return { place, words: ', between which the scheduler does not move it, because they are isolated', severity: 'major', evidence };
}

function cacheHarm(ranges: readonly BoundPlace[], topology: Attempt<CpuTopology>): Harm | null {
  if (!topology.ok) return null;
  const host = hostCores(topology.value);
  const place = ranges.find(({ cpus }) => cachesWith(host, coresWith(host, cpus)).size > 1);
  if (place === undefined) return null;
  const evidence = cacheEvidence(cachesWith(host, coresWith(host, place.cpus)));
  return { place, words: ', which have several third-level caches', severity: 'major', evidence };
}
