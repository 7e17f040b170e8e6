import type { DomainDocument } from '../domain/document.ts';
import { guestMemoryOf } from '../domain/guest-memory.ts';
import { passedAddresses } from '../domain/passed-addresses.ts';
import { emulatorPin, iothreadPlaces, type Place, vcpuPlaces } from '../domain/pinning.ts';
import type { FactStore } from '../engine/fact-store.ts';
import { facts } from '../facts/registry.ts';
import type { Machine, MachineVm } from '../report/machine.ts';
import { collectInventoryFacts, type Taking, toInventory } from './collect.ts';
import { collectEnvironment } from './environment.ts';

/** The inventory of the machine, the VMs that are judged, and what both run on: what a report shows beside its results. */
export async function collectMachine(store: FactStore, taking: Taking): Promise<Machine> {
  const inventory = toInventory(await collectInventoryFacts(store), taking);
  const documents = await judgedDocuments(store);
  return { inventory, vms: documents.map((document) => toVm(document)), environment: await collectEnvironment(store) };
}

/** The definitions that were given, else those of libvirt that the host is judged for; none where they cannot be read. */
async function judgedDocuments(store: FactStore): Promise<readonly DomainDocument[]> {
  const given = await store.get(facts.lintedDomains);
  if (given.ok && given.value.documents.length > 0) return given.value.documents;
  const [judged, defined] = await Promise.all([store.get(facts.judgedDomains), store.get(facts.definedDocuments)]);
  if (!judged.ok || !defined.ok) return [];
  const names = new Set(judged.value.domains.map(({ definition }) => definition.name));
  return defined.value.map(({ document }) => document).filter(({ domain }) => names.has(domain.name));
}

function toVm(document: DomainDocument): MachineVm {
  const vcpus = vcpuPlaces(document);
  const emulator = emulatorPin(document)?.cpus ?? null;
  return {
    name: document.label,
    vcpus: vcpus.length,
    memoryKiB: guestMemoryOf(document)?.totalKiB ?? null,
    pins: {
      vcpus: vcpus.map((place) => toPlace(place)),
      emulator: emulator === null ? null : [...emulator],
      iothreads: iothreadPlaces(document).map((place) => toPlace(place)),
    },
    devices: [...passedAddresses(document)].toSorted(),
  };
}

function toPlace({ id, cpus }: Place): MachineVm['pins']['vcpus'][number] {
  return { id, cpus: cpus === null ? null : [...cpus] };
}
