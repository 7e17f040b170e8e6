import type { DomainDocument } from '../../../src/domain/document.ts';
import { emulatorPin, iothreadPlaces, type Pin, pinningOf, vcpuPlaces } from '../../../src/domain/pinning.ts';
import { failAt, passAt, seenAt } from '../../../src/engine/domain-outcome.ts';
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
    const wrong = wrongPins(pins, cpuTopology);
    if (wrong.length === 0) return passAt(document, tuningElement(document));
    return STATES.flatMap(
      (state) =>
        finding(
          document,
          wrong.filter((pin) => pin.state === state),
          cpuTopology,
        ) ?? [],
    );
  },
});

/** Those that libvirt applies at the start: the pin of a vCPU that is not plugged in waits until it is. */
function usedPins(document: DomainDocument): readonly Pin[] {
  const emulator = emulatorPin(document);
  const places = [...vcpuPlaces(document), ...iothreadPlaces(document)].flatMap(({ pin }) => pin ?? []);
  return [...new Set([...places, ...(emulator === null ? [] : [emulator])])];
}

/** With cgroup v2 a list starts the domain as long as one of its CPUs is on. */
const STATES = ['missing', 'off', 'partly off'] as const;

interface WrongPin {
  readonly element: Pin['element'];
  readonly state: (typeof STATES)[number];
  /** Those of its CPUs that are missing or off. */
  readonly cpus: readonly number[];
}

function wrongPins(pins: readonly Pin[], { online, offline }: CpuTopology): readonly WrongPin[] {
  const [on, off] = [new Set(online), new Set(offline)];
  return pins.flatMap(({ element, cpus }): readonly WrongPin[] => {
    const all = cpus ?? [];
    const missing = all.filter((cpu) => !on.has(cpu) && !off.has(cpu));
    if (missing.length > 0) return [{ element, state: 'missing', cpus: missing }];
    const asleep = all.filter((cpu) => off.has(cpu));
    if (asleep.length === 0) return [];
    return [{ element, state: asleep.length < all.length ? 'partly off' : 'off', cpus: asleep }];
  });
}

/** Said once: a definition from another machine is wrong at every pin. */
function finding(document: DomainDocument, pins: readonly WrongPin[], { online }: CpuTopology): Outcome | null {
  const [first, ...others] = pins;
  if (first === undefined) return null;
  const words = cpuWords(new Set(pins.flatMap(({ cpus }) => cpus)));
  const message = first.state === 'missing' ? `the host has no ${words}` : `switched off: ${words}`;
  return failAt(document, { element: first.element, attribute: 'cpuset' }, message, {
    expected: `some of ${formatCpuList(online)}`,
    evidence: [
      { source: '/sys/devices/system/cpu/online', observed: formatCpuList(online) },
      ...others.slice(0, 10).map(({ element }) => seenAt(document, { element, attribute: 'cpuset' })),
    ],
    remedy: pinsRemedy(document, 'Pin to CPUs that the host has'),
    ...(first.state === 'partly off' ? { severity: 'major' as const } : {}),
  });
}
