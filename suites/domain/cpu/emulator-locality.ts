import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import type { Spot } from '../../../src/domain/locate.ts';
import { emulatorPin, iothreadPlaces, type Pin } from '../../../src/domain/pinning.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome, type Remedy } from '../../../src/engine/outcome.ts';
import { coreEvidence, type Core, coresWith, hostCores, type HostCores } from '../cpu-host.ts';
import { boundOn, cpusOf, cpuWords, nowhere, pinsRemedy } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/emulator-locality',
  title: 'QEMU’s own threads are near the vCPUs, on cores of their own',
  severity: 'minor',
  host: ['cpuTopology'],
  wantsHost: ['cpuIsolation'],
  why: 'On the second thread of a vCPU’s core QEMU slows the vCPU down; on another NUMA node everything that both share takes longer to reach.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://docs.kernel.org/admin-guide/mm/numaperf.html'],
  applies: [passesDeviceThrough],
  evaluate(document, { cpuTopology, cpuIsolation }) {
    const bound = boundOn(document, cpuTopology.online);
    if ('reason' in bound) return notApplicable(bound.reason);
    const helpers = helpersOf(document);
    const away = nowhere(helpers, cpuTopology.online);
    if (away !== null) return notApplicable(away.reason);
    const [helper] = helpers;
    if (helper === undefined) return notApplicable('none of QEMU’s own threads is pinned');
    const host = hostCores(cpuTopology);
    const mine = cpusOf(bound.places);
    const used = coresWith(host, mine);
    const free = host.cores.filter((core) => !used.has(core));
    const situation = { document, host, helpers, mine, used, free };
    const isolated = new Set(cpuIsolation.ok ? cpuIsolation.value.isolated : []);
    return besideVcpus(situation) ?? onOtherNode(situation, isolated) ?? passAt(document, helper.pin.element);
  },
});

interface Helper {
  readonly pin: Pin;
  readonly cpus: readonly number[];
}

/** The emulator and the I/O threads, as far as they are pinned. */
function helpersOf(document: DomainDocument): readonly Helper[] {
  const pins = [...iothreadPlaces(document).map(({ pin }) => pin), emulatorPin(document)];
  return pins.flatMap((pin) => (pin === null || pin.cpus === null ? [] : [{ pin, cpus: pin.cpus }]));
}

interface Situation {
  readonly document: DomainDocument;
  readonly host: HostCores;
  readonly helpers: readonly Helper[];
  /** CPUs and cores of the vCPUs, and the other cores. */
  readonly mine: ReadonlySet<number>;
  readonly used: ReadonlySet<Core>;
  readonly free: readonly Core[];
}

/** CPUs of vCPUs themselves are the business of other rules: emulatorpin, iothreadpin. */
function besideVcpus({ document, host, helpers, mine, used, free }: Situation): Outcome | null {
  if (free.length === 0) return null;
  const isBeside = (cpu: number): boolean => {
    const core = host.coreOf.get(cpu);
    return core !== undefined && used.has(core) && !mine.has(cpu);
  };
  const found = helpers.find(({ cpus }) => cpus.some(isBeside));
  if (found === undefined) return null;
  const beside = found.cpus.filter(isBeside);
  const core = host.coreOf.get(beside[0] ?? -1);
  const words = beside.length === 1 ? 'is a thread of a core that has a vCPU' : 'are threads of cores that have vCPUs';
  return failAt(document, spotOf(found), `${cpuWords(beside)} of <${found.pin.element.name}> ${words}`, {
    evidence: core === undefined ? [] : [coreEvidence(core)],
    remedy: remedy(document),
  });
}

function onOtherNode({ document, host, helpers, used, free }: Situation, isolated: ReadonlySet<number>): Outcome | null {
  const nodes = new Set([...used].map(({ node }) => node));
  if (!free.some(({ node, cpus }) => nodes.has(node) && cpus.some((cpu) => !isolated.has(cpu)))) return null;
  for (const helper of helpers) {
    const cores = [...coresWith(host, helper.cpus)];
    if (cores.length === 0 || cores.some(({ node }) => nodes.has(node))) continue;
    const message = `<${helper.pin.element.name}> is on node ${nodeWords(cores)}, the vCPUs are on node ${nodeWords(used)}`;
    return failAt(document, spotOf(helper), message, { remedy: remedy(document) });
  }
  return null;
}

function spotOf({ pin: { element } }: Helper): Spot {
  return { element, attribute: 'cpuset' };
}

function nodeWords(cores: Iterable<Core>): string {
  return [...new Set([...cores].map(({ node }) => String(node)))].join(', ');
}

function remedy(document: DomainDocument): Remedy {
  return pinsRemedy(document, 'Pin the emulator and the I/O threads to other cores of the same node');
}
