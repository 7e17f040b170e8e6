import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { emulatorPin, iothreadPlaces, vcpuPlaces } from '../../../src/domain/pinning.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Remedy } from '../../../src/engine/outcome.ts';
import { type CpuIsolation, ISOLATED_PATH } from '../../../src/facts/cpu-isolation.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Platform } from '../../../src/facts/platform.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';
import { boundVcpus, cpusOf, cpuWords, pinsRemedy, tuningElement } from '../cpu-pins.ts';
import { neighboursOf } from '../neighbours.ts';

export default defineDomainRule({
  id: 'domain/cpu/isolated-match',
  title: 'The CPUs that the host isolates are those of the vCPUs',
  severity: 'minor',
  host: ['cpuIsolation'],
  wantsHost: ['definedDocuments', 'platform'],
  why: 'Isolated CPUs that no VM uses lie idle, because the host does not use them either. vCPUs beside them meet the work of the host, and run less evenly than their neighbours.',
  sources: ['https://docs.kernel.org/admin-guide/kernel-parameters.html', 'https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuIsolation, definedDocuments, platform }, given) {
    const isolated = new Set(cpuIsolation.isolated);
    if (isolated.size === 0) return notApplicable('the host isolates no CPU');
    const bound = boundVcpus(document);
    if ('reason' in bound) return notApplicable(bound.reason);
    const spot = tuningElement(document);
    const mine = cpusOf(bound.places);
    const evidence = [{ source: ISOLATED_PATH, observed: formatCpuList(cpuIsolation.isolated) }];
    const shared = [...mine].filter((cpu) => !isolated.has(cpu));
    const others = neighboursOf(document, definedDocuments, given);
    const used = new Set([document, ...others.map((other) => other.document)].flatMap(pinnedCpus));
    const idle = idleCpus(cpuIsolation, used);
    if (shared.length === 0 && idle.length === 0) return passAt(document, spot);
    if (shared.length === mine.size) {
      // Isolated for another domain, or for something else than domains.
      if (idle.length === 0) return passAt(document, spot, 'other domains use the isolated CPUs');
      const message = `the vCPUs are on ${cpuWords(mine)}, and the host isolates ${cpuWords(isolated)}`;
      return failAt(document, spot, message, {
        evidence,
        remedy: pinsRemedy(document, 'Pin the vCPUs to the isolated CPUs, or isolate none'),
      });
    }
    const parts = [
      ...(shared.length > 0 ? [`vCPUs are on ${cpuWords(shared)}, which ${shared.length === 1 ? 'is' : 'are'} not isolated`] : []),
      ...(idle.length > 0 ? [`no domain is pinned to ${cpuWords(idle)}, which ${idle.length === 1 ? 'is' : 'are'} isolated`] : []),
    ];
    return failAt(document, spot, parts.join(', and '), {
      evidence,
      remedy: isolateRemedy(cpuIsolation, [...isolated, ...shared], idle, platform),
    });
  },
});

/** The CPUs of everything in a domain that is pinned. */
function pinnedCpus(document: DomainDocument): readonly number[] {
  const places = [...vcpuPlaces(document), ...iothreadPlaces(document)].flatMap(({ cpus }) => cpus ?? []);
  return [...places, ...(emulatorPin(document)?.cpus ?? [])];
}

/** A thread that lies idle beside one of the same core that is used is in use, too. */
function idleCpus({ isolated, isolatedCores }: CpuIsolation, used: ReadonlySet<number>): readonly number[] {
  const beside = new Set(isolatedCores.filter((cpus) => cpus.some((cpu) => used.has(cpu))).flat());
  return isolated.filter((cpu) => !used.has(cpu) && !beside.has(cpu));
}

function isolateRemedy(isolation: CpuIsolation, wanted: readonly number[], idle: readonly number[], platform: Attempt<Platform>): Remedy {
  const unused = new Set(idle);
  const list = formatCpuList(wanted.filter((cpu) => !unused.has(cpu)));
  const summary = `Isolate exactly the CPUs ${list}`;
  if (!platform.ok || isolation.asked.length === 0) return { summary };
  const change = { add: [`isolcpus=domain,managed_irq,${list}`], remove: isolation.asked.map((value) => `isolcpus=${value}`) };
  return { summary, steps: kernelParameterSteps(platform.value, change) };
}
