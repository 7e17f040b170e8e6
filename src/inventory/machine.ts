import type { DomainDocument } from '../domain/document.ts';
import { guestMemoryOf } from '../domain/guest-memory.ts';
import { passedAddresses } from '../domain/passed-addresses.ts';
import { emulatorPin, iothreadPlaces, type Pin, type Place, vcpuPlaces } from '../domain/pinning.ts';
import { attribute, first } from '../domain/xml.ts';
import type { FactStore } from '../engine/fact-store.ts';
import { facts } from '../facts/registry.ts';
import type { Machine, MachineVm } from '../report/machine.ts';
import { collectInventoryFacts, type Taking, toInventory } from './collect.ts';
import { collectEnvironment } from './environment.ts';
import { describePassthrough } from './describe-passthrough.ts';

/** The inventory of the machine, the VMs that are judged, and what both run on: what a report shows beside its results. */
export async function collectMachine(store: FactStore, taking: Taking): Promise<Machine> {
  const collected = await collectInventoryFacts(store);
  const given = await givenDocuments(store);
  const documents = given ?? (await judgedDocuments(store));
  const passthrough = describePassthrough(collected, given ?? []);
  return {
    inventory: toInventory(collected, taking),
    vms: documents.map((document) => toVm(document)),
    ...(passthrough === null ? {} : { passthrough }),
    environment: await collectEnvironment(store),
  };
}

/** The definitions that `passcheck lint` was given, but for those that cannot be read; null where it was given none. */
async function givenDocuments(store: FactStore): Promise<readonly DomainDocument[] | null> {
  const given = await store.get(facts.lintedDomains);
  if (!given.ok) return null;
  const { documents, unreadable } = given.value;
  return documents.length + unreadable.length === 0 ? null : documents;
}

/** The definitions of libvirt that the host is judged for; none where they cannot be read. */
async function judgedDocuments(store: FactStore): Promise<readonly DomainDocument[]> {
  const [judged, defined] = await Promise.all([store.get(facts.judgedDomains), store.get(facts.definedDocuments)]);
  if (!judged.ok || !defined.ok) return [];
  const names = new Set(judged.value.domains.map(({ definition }) => definition.name));
  return defined.value.map(({ document }) => document).filter(({ domain }) => names.has(domain.name));
}

function toVm(document: DomainDocument): MachineVm {
  const vcpus = vcpuPlaces(document);
  return {
    name: document.label,
    vcpus: vcpus.length,
    memoryKiB: guestMemoryOf(document)?.totalKiB ?? null,
    pins: toPins(document, vcpus),
    devices: [...passedAddresses(document)].toSorted(),
  };
}

type Pins = MachineVm['pins'];

function toPins(document: DomainDocument, vcpus: readonly Place[]): Pins {
  const iothreads = iothreadPlaces(document);
  const emulator = emulatorPin(document);
  const unread = [
    ...vcpus.flatMap((place) => unreadPin('vCPU', place)),
    ...unreadPin('emulator', { id: null, pin: emulator }),
    ...iothreads.flatMap((place) => unreadPin('I/O thread', place)),
  ];
  const isAuto = attribute(first(document.root, 'vcpu'), 'placement') === 'auto';
  return {
    vcpus: vcpus.map((place) => toPlace(place)),
    emulator: emulator?.cpus === undefined || emulator.cpus === null ? null : [...emulator.cpus],
    iothreads: iothreads.map((place) => toPlace(place)),
    ...(unread.length === 0 ? {} : { unread }),
    ...(isAuto ? { auto: true } : {}),
  };
}

function toPlace({ id, cpus }: Place): Pins['vcpus'][number] {
  return { id, cpus: cpus === null ? null : [...cpus] };
}

/** A list that is none must not look like no pin at all. */
function unreadPin(thread: Unread['thread'], { id, pin }: { readonly id: number | null; readonly pin: Pin | null }): Unread[] {
  return pin === null || pin.cpus !== null ? [] : [{ thread, id, text: pin.text ?? '' }];
}

type Unread = NonNullable<Pins['unread']>[number];
