import type { DomainDocument } from '../../../src/domain/document.ts';
import { emulatorPin, iothreadPlaces, type Pin, pinningOf, vcpuPlaces } from '../../../src/domain/pinning.ts';
import { failAt, passAt } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable, type Outcome } from '../../../src/engine/outcome.ts';
import { formatCpuList } from '../../../src/facts/cpu-list.ts';
import type { CpuTopology } from '../../../src/facts/cpu-topology.ts';
import { cpuWords, pinsRemedy, tuningElement } from '../cpu-pins.ts';

export default defineDomainRule({
  id: 'domain/cpu/pin-online',
  title: 'The CPUs that threads are pinned to exist and are switched on',
  severity: 'blocker',
  host: ['cpuTopology'],
  why: 'A domain that is pinned to a CPU that the host does not have does not start.',
  sources: ['https://libvirt.org/formatdomain.html#cpu-tuning', 'https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset'],
  evaluate(document, { cpuTopology }) {
    const pins = usedPins(document);
    if (pins.length === 0) return [];
    if (pinningOf(document).isBeyondLimit || pins.every(({ cpus }) => cpus === null))
      return notApplicable('no pin has a list of CPUs that is understood (see domain/cpu/pin-lists)');
    const online = new Set(cpuTopology.online);
    const offline = new Set(cpuTopology.offline);
    const wrong = pins.flatMap((pin) => judgePin(document, pin, { online, offline, cpuTopology }) ?? []);
    return wrong.length === 0 ? passAt(document, tuningElement(document)) : wrong.slice(0, 20);
  },
});

/** Those that libvirt applies at the start: the pin of a vCPU that is not plugged in waits until it is. */
function usedPins(document: DomainDocument): readonly Pin[] {
  const emulator = emulatorPin(document);
  const places = [...vcpuPlaces(document), ...iothreadPlaces(document)].flatMap(({ pin }) => pin ?? []);
  return [...new Set([...places, ...(emulator === null ? [] : [emulator])])];
}

interface Host {
  readonly online: ReadonlySet<number>;
  readonly offline: ReadonlySet<number>;
  readonly cpuTopology: CpuTopology;
}

function judgePin(document: DomainDocument, { element, cpus }: Pin, { online, offline, cpuTopology }: Host): Outcome | null {
  const missing = (cpus ?? []).filter((cpu) => !online.has(cpu) && !offline.has(cpu));
  const off = (cpus ?? []).filter((cpu) => offline.has(cpu));
  if (missing.length === 0 && off.length === 0) return null;
  const finding = {
    expected: `some of ${formatCpuList(cpuTopology.online)}`,
    evidence: [{ source: '/sys/devices/system/cpu/online', observed: formatCpuList(cpuTopology.online) }],
    remedy: pinsRemedy(document, 'Pin to CPUs that the host has'),
  };
  const spot = { element, attribute: 'cpuset' };
  if (missing.length > 0) return failAt(document, spot, `the host has no ${cpuWords(missing)}`, finding);
  // With cgroup v2 a list starts the domain as long as one of its CPUs is on.
  const isSome = off.length < (cpus ?? []).length;
  return failAt(document, spot, `switched off: ${cpuWords(off)}`, { ...finding, ...(isSome ? { severity: 'major' as const } : {}) });
}
