import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable } from '../../../src/engine/outcome.ts';
import { type CpuIsolation, HOOK_PATHS, ISOLATED_PATH } from '../../../src/facts/cpu-isolation.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import { coreEvidence, type Core, coresWith, hostCores } from '../cpu-host.ts';
import { boundOn, cpusOf, cpuWords, pinSpot, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/split-core',
  title: 'The guest has whole cores: no thread of them is left to the host',
  severity: 'major',
  host: ['cpuTopology'],
  wantsHost: ['cpuIsolation'],
  why: 'The threads of a core share everything in it. What the host runs on the other thread slows the vCPU down, at times that nobody chooses.',
  sources: [
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#CPU_pinning',
    'https://docs.kernel.org/admin-guide/cputopology.html',
  ],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology, cpuIsolation }) {
    const bound = boundOn(document, cpuTopology.online);
    if ('reason' in bound) return notApplicable(bound.reason);
    const host = hostCores(cpuTopology);
    if (!host.hasSmt) return notApplicable('the cores of the host have one thread');
    const mine = cpusOf(bound.places);
    const isKept = keptFree(cpuIsolation);
    const split = [...coresWith(host, mine)].filter(({ cpus }) => cpus.some((cpu) => !mine.has(cpu) && !isKept(cpu)));
    const [core] = split;
    if (core === undefined) return passAt(document, tuningElement(document));
    // One vCPU of an odd number cannot have company.
    if (split.length === 1 && bound.places.length % 2 === 1)
      return passAt(document, tuningElement(document), 'an odd vCPU is alone on its core');
    const place = bound.places.find(({ cpus }) => cpus.some((cpu) => core.cpus.includes(cpu)));
    const left = split.flatMap(({ cpus }) => cpus.filter((cpu) => !mine.has(cpu) && !isKept(cpu)));
    return failAt(document, pinSpot(document, place), message(core, mine, left, split.length), {
      evidence: [coreEvidence(core), ...isolationEvidence(cpuIsolation)],
      // What a hook does while the VM runs is not known.
      severity: cpuIsolation.ok && cpuIsolation.value.hasHook.state === 'ok' && !cpuIsolation.value.hasHook.value ? 'major' : 'minor',
      remedy: pinsRemedy(document, 'Give the guest whole cores, or isolate the threads beside its own'),
    });
  },
});

function message({ cpus }: Core, mine: ReadonlySet<number>, left: readonly number[], count: number): string {
  const guest = cpuWords(cpus.filter((cpu) => mine.has(cpu)));
  const host = cpuWords(cpus.filter((cpu) => !mine.has(cpu)));
  const more = count === 1 ? '' : `; so it is with ${count} cores, where the host has ${cpuWords(left)}`;
  return `a vCPU has ${guest}, and the host ${host} of the same core${more}`;
}

/** CPUs on which nothing of the host runs: isolated, or outside of what its programs are confined to. */
function keptFree(isolation: Attempt<CpuIsolation>): (cpu: number) => boolean {
  if (!isolation.ok) return () => false;
  const { isolated, hostPrograms } = isolation.value;
  const isolatedSet = new Set(isolated);
  const programs = hostPrograms.state === 'ok' ? new Set(hostPrograms.value) : null;
  return (cpu) => isolatedSet.has(cpu) || (programs !== null && !programs.has(cpu));
}

function isolationEvidence(isolation: Attempt<CpuIsolation>): readonly Evidence[] {
  if (!isolation.ok) return [];
  const { isolated, hasHook } = isolation.value;
  const hook =
    hasHook.state === 'ok' && hasHook.value ? [{ source: HOOK_PATHS[0], observed: 'runs when the VM starts, and may isolate CPUs' }] : [];
  return [{ source: ISOLATED_PATH, observed: isolated.length === 0 ? 'no CPU' : formatCpuList(isolated) }, ...hook];
}
