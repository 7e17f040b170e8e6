import { passesDeviceThrough } from '../domain/applies.ts';
import { type DomainDocument, readDocuments } from '../domain/document.ts';
import { applyEdits, type Edit, insertChild, removeAttribute, removeElement, setAttribute, setText } from '../domain/edit.ts';
import { featureState, guestCpu, isHostCpu } from '../domain/guest-cpu.ts';
import { unsignedNumber, vcpusOf } from '../domain/vcpus.ts';
import { all, attribute, first, type XmlElement } from '../domain/xml.ts';
import { CACHE, cpuXml, element, numatuneXml, type PinElement, pinElements, TOPOEXT, topologyXml } from './fragments.ts';
import type { PinPlan } from './model.ts';

type Step = (document: DomainDocument, plan: PinPlan) => readonly (Edit | null)[];

/**
 * The text of a definition with a plan in it. Only what the plan is about is edited, in place; what says it already is left
 * as it is, so doing it again changes nothing. The text holds one domain.
 */
export function applyPlan(document: DomainDocument, plan: PinPlan): string {
  let current = document;
  for (const step of STEPS) {
    const text = applyEdits(
      current.text,
      step(current, plan).flatMap((edit) => edit ?? []),
    );
    const [next] =
      text === null ? [] : readDocuments({ label: document.label, isDefined: document.isDefined, guest: document.guest, text });
    // Edits of a step never overlap.
    if (next === undefined) throw new Error(`a step of the plan broke ${document.label}`);
    current = next;
  }
  return current.text;
}

/** In the order in which libvirt writes the elements, so that what one step inserts is found by the next. */
const STEPS: readonly Step[] = [
  setVcpus,
  removeStalePins,
  setPins,
  insertVcpuPins,
  insertOtherPins,
  setMemory,
  setCpu,
  keepOnHost,
  setCaches,
  addTopoext,
];

const BEFORE_VCPU = [
  'name',
  'uuid',
  'genid',
  'title',
  'description',
  'metadata',
  'maxMemory',
  'memory',
  'currentMemory',
  'blkiotune',
  'memtune',
  'memoryBacking',
];
const BEFORE_CPUTUNE = [...BEFORE_VCPU, 'vcpu', 'vcpus', 'iothreads', 'iothreadids'];
const BEFORE_NUMATUNE = [...BEFORE_CPUTUNE, 'cputune'];
const BEFORE_CPU = [...BEFORE_NUMATUNE, 'resource', 'sysinfo', 'bootloader', 'os', 'idmap', 'features'];

function setVcpus(document: DomainDocument, { vcpus }: PinPlan): readonly (Edit | null)[] {
  const { element: vcpu, max, enabled } = vcpusOf(document);
  const single = first(document.root, 'vcpus');
  const isWhole = max === vcpus.length && enabled.length === max;
  const removed = single === undefined || isWhole ? null : removeElement(document, single);
  if (vcpu === undefined)
    return [insertChild(document, document.root, `<vcpu placement='static'>${vcpus.length}</vcpu>`, BEFORE_VCPU), removed];
  return [
    max === vcpus.length ? null : setText(document, vcpu, String(vcpus.length)),
    removeAttribute(document, vcpu, 'current'),
    removeAttribute(document, vcpu, 'cpuset'),
    attribute(vcpu, 'placement') === 'auto' ? setAttribute(document, vcpu, 'placement', 'static') : null,
    removed,
  ];
}

/** Pins of what the plan does not have, and the second of two for the same. */
function removeStalePins(document: DomainDocument, plan: PinPlan): readonly Edit[] {
  const wanted = new Set(pinElements(plan).map(keyOf));
  return pinsIn(document).flatMap(({ key, pin }) => (wanted.delete(key) ? [] : [removeElement(document, pin)]));
}

function setPins(document: DomainDocument, plan: PinPlan): readonly Edit[] {
  const wanted = new Map(pinElements(plan).map((pin) => [keyOf(pin), pin.cpuset]));
  return pinsIn(document).flatMap(({ key, pin }) => {
    const cpuset = wanted.get(key);
    return cpuset === undefined || attribute(pin, 'cpuset') === cpuset ? [] : [setAttribute(document, pin, 'cpuset', cpuset)];
  });
}

function insertVcpuPins(document: DomainDocument, plan: PinPlan): readonly Edit[] {
  return insertPins(document, plan, ({ name }) => name === 'vcpupin', [...TUNED, 'vcpupin']);
}

function insertOtherPins(document: DomainDocument, plan: PinPlan): readonly Edit[] {
  return insertPins(document, plan, ({ name }) => name !== 'vcpupin', [...TUNED, 'vcpupin', 'emulatorpin', 'iothreadpin']);
}

/** What libvirt writes before the pins. */
const TUNED = ['period', 'quota'].flatMap((limit) => [limit, `global_${limit}`, `emulator_${limit}`, `iothread_${limit}`]).concat('shares');

function insertPins(
  document: DomainDocument,
  plan: PinPlan,
  isMeant: (pin: PinElement) => boolean,
  after: readonly string[],
): readonly Edit[] {
  const present = new Set(pinsIn(document).map(({ key }) => key));
  const missing = pinElements(plan).filter((pin) => isMeant(pin) && !present.has(keyOf(pin)));
  const lines = missing.map(({ xml }) => xml);
  const cputune = first(document.root, 'cputune');
  if (lines.length === 0) return [];
  if (cputune === undefined) return [insertChild(document, document.root, element('cputune', lines), BEFORE_CPUTUNE)];
  return [insertChild(document, cputune, lines.join('\n'), after)];
}

const NUMBERS = { vcpupin: 'vcpu', emulatorpin: null, iothreadpin: 'iothread' } as const;

function pinsIn({ root }: DomainDocument): readonly { readonly key: string; readonly pin: XmlElement }[] {
  return Object.entries(NUMBERS).flatMap(([name, number]) =>
    all(root, 'cputune', name).map((pin) => ({
      key: keyOf({ name, id: number === null ? null : unsignedNumber(attribute(pin, number) ?? '') }),
      pin,
    })),
  );
}

function keyOf({ name, id }: { readonly name: string; readonly id: number | null }): string {
  return `${name} ${id ?? ''}`;
}

function setMemory(document: DomainDocument, plan: PinPlan): readonly (Edit | null)[] {
  const { root } = document;
  const numatune = first(root, 'numatune');
  if (plan.memoryNode === null) return correctNodes(document, plan);
  const [xml = ''] = numatuneXml(plan);
  if (numatune === undefined) return [insertChild(document, root, xml, BEFORE_NUMATUNE)];
  const memory = first(numatune, 'memory');
  const policies = [...all(numatune, 'memory'), ...all(numatune, 'memnode')];
  const node = String(plan.memoryNode);
  return [
    ...(memory === undefined ? [insertChild(document, numatune, `<memory mode='strict' nodeset='${node}'/>`)] : []),
    ...policies.flatMap((policy) => [
      changed(document, policy, 'mode', 'strict'),
      changed(document, policy, 'nodeset', node),
      removeAttribute(document, policy, 'placement'),
    ]),
  ];
}

/** Where all memory is alike nothing need be said of it; what is said of nodes that are not there keeps the VM from starting. */
function correctNodes(document: DomainDocument, { onlyMemoryNode }: PinPlan): readonly (Edit | null)[] {
  if (onlyMemoryNode === null) return [];
  const numatune = first(document.root, 'numatune');
  const policies = [...all(numatune, 'memory'), ...all(numatune, 'memnode')];
  return policies
    .filter((policy) => attribute(policy, 'nodeset') !== null)
    .map((policy) => changed(document, policy, 'nodeset', String(onlyMemoryNode)));
}

/** The edit that an attribute needs; null when it says it already. */
function changed(document: DomainDocument, at: XmlElement, name: string, value: string): Edit | null {
  return attribute(at, name) === value ? null : setAttribute(document, at, name, value);
}

/** The topology, and the vCPUs of the guest's only NUMA cell. */
function setCpu(document: DomainDocument, plan: PinPlan): readonly (Edit | null)[] {
  const { root } = document;
  const cpu = first(root, 'cpu');
  if (cpu === undefined) return [insertChild(document, root, cpuXml(plan), BEFORE_CPU)];
  const topology = first(cpu, 'topology');
  const { sockets, dies, cores, threads } = plan.guest;
  // Dies and clusters that are not written are one.
  const levels = [
    ['sockets', sockets, false],
    ['dies', dies, true],
    ['clusters', 1, true],
    ['cores', cores, false],
    ['threads', threads, false],
  ] as const;
  const numaCells = all(cpu, 'numa', 'cell').map((cell) => setCellCpus(document, cell, plan));
  if (topology === undefined) return [insertChild(document, cpu, topologyXml(plan), ['model', 'vendor']), ...numaCells];
  return [
    ...levels.map(([name, count, isOptional]) =>
      isOptional && count === 1 && attribute(topology, name) === null ? null : changed(document, topology, name, String(count)),
    ),
    ...numaCells,
  ];
}

function setCellCpus(document: DomainDocument, cell: XmlElement, { vcpus }: PinPlan): Edit | null {
  const cpus = vcpus.length === 1 ? '0' : `0-${vcpus.length - 1}`;
  return attribute(cell, 'cpus') === null ? null : changed(document, cell, 'cpus', cpus);
}

/** As a `<cpu>` that the plan writes has it: a VM with a device of the host stays there, and loses its even clock for nothing otherwise. */
function keepOnHost(document: DomainDocument): readonly Edit[] {
  const guest = guestCpu(document);
  const { element: cpu, argument } = guest;
  if (cpu === undefined || argument !== null || !isHostCpu(guest) || passesDeviceThrough(document) !== null) return [];
  if (featureState(guest, 'invtsc') !== null || attribute(cpu, 'migratable') === 'off') return [];
  return [setAttribute(document, cpu, 'migratable', 'off')];
}

/** Caches of the host can be shown only by the host's own processor; another model stays as it is. What would be wrong goes. */
function setCaches(document: DomainDocument, { showsCaches }: PinPlan): readonly Edit[] {
  const guest = guestCpu(document);
  const { element: cpu } = guest;
  if (cpu === undefined || !isHostCpu(guest)) return [];
  const cache = first(cpu, 'cache');
  if (!showsCaches) return cache !== undefined && attribute(cache, 'mode') === 'passthrough' ? [removeElement(document, cache)] : [];
  if (cache !== undefined) return [];
  return [insertChild(document, cpu, CACHE, ['topology'])];
}

function addTopoext(document: DomainDocument, { needsTopoext }: PinPlan): readonly Edit[] {
  const guest = guestCpu(document);
  const { element: cpu, features } = guest;
  // An argument of QEMU cannot be edited; what libvirt writes before it says the same.
  if (!needsTopoext || cpu === undefined || !isHostCpu(guest) || featureState({ ...guest, argument: null }, 'topoext') === true) return [];
  const feature = features.find(({ name }) => name === 'topoext');
  if (feature !== undefined) return [setAttribute(document, feature.element, 'policy', 'require')];
  return [insertChild(document, cpu, TOPOEXT, ['model', 'vendor', 'topology', 'cache', 'maxphysaddr', 'feature'])];
}
