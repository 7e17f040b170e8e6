import { groupedBy } from '../grouped.ts';
import type { MachineVm } from './machine.ts';
import { isCpu } from './cpu-board.ts';

type Place = MachineVm['pins']['vcpus'][number];

/** Threads that may run on the same CPUs. */
export interface Group {
  /** Numbers of the vCPUs or I/O threads. */
  readonly ids: readonly number[];
  /** Sorted. */
  readonly cpus: readonly number[];
}

/** Who of a VM has one CPU. */
export interface Tenants {
  /** vCPUs that may run here. */
  readonly vcpus: readonly Group[];
  readonly iothreads: readonly Group[];
  readonly hasEmulator: boolean;
}

/** Where a VM runs. */
export interface Tenancy {
  readonly byCpu: ReadonlyMap<number, Tenants>;
  readonly vcpus: readonly Group[];
  readonly iothreads: readonly Group[];
  /** Null: no pin says where. */
  readonly emulator: readonly number[] | null;
  /** To which group a thread with a pin belongs. */
  readonly groupOf: ReadonlyMap<Place, Group>;
}

interface Gathered {
  readonly vcpus: Group[];
  readonly iothreads: Group[];
  hasEmulator: boolean;
}

/** Who of a VM may run on which CPU, by its pins. Numbers that no CPU has are left out. */
export function tenancyOf({ pins }: MachineVm): Tenancy {
  const byCpu = new Map<number, Gathered>();
  const at = (cpu: number): Gathered => {
    const known = byCpu.get(cpu);
    if (known !== undefined) return known;
    const fresh = { vcpus: [], iothreads: [], hasEmulator: false };
    byCpu.set(cpu, fresh);
    return fresh;
  };
  const groupOf = new Map<Place, Group>();
  const vcpus = groupsOf(pins.vcpus, groupOf);
  const iothreads = groupsOf(pins.iothreads, groupOf);
  const emulator = pins.emulator === null ? null : cpusIn(pins.emulator);
  for (const group of vcpus) for (const cpu of group.cpus) at(cpu).vcpus.push(group);
  for (const group of iothreads) for (const cpu of group.cpus) at(cpu).iothreads.push(group);
  for (const cpu of emulator ?? []) at(cpu).hasEmulator = true;
  return { byCpu, vcpus, iothreads, emulator, groupOf };
}

/** Is any thread of the VM bound to CPUs? */
export function hasPins({ pins }: MachineVm): boolean {
  return pins.emulator !== null || [pins.vcpus, pins.iothreads].some((places) => places.some(({ cpus }) => cpus !== null));
}

/** CPUs that a pin names, each once, sorted. */
function cpusIn(cpus: readonly number[]): readonly number[] {
  // As passcheck writes them; a list that was edited by hand is put in order.
  if (cpus.every((cpu, index) => isCpu(cpu) && (index === 0 || cpu > (cpus[index - 1] ?? cpu)))) return cpus;
  return [...new Set(cpus.filter((cpu) => isCpu(cpu)))].toSorted((a, b) => a - b);
}

/** Places that are the same become one: 4,096 vCPUs that may each run on 256 CPUs are a million pairs. */
function groupsOf(places: readonly Place[], groupOf: Map<Place, Group>): readonly Group[] {
  const same = groupedBy(places, ({ cpus }) => cpus?.join() ?? null);
  return [...same.values()].map((members) => {
    const group = { ids: members.map(({ id }) => id), cpus: cpusIn(members[0]?.cpus ?? []) };
    for (const member of members) groupOf.set(member, group);
    return group;
  });
}
