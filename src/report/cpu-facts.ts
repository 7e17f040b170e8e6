import { counted } from '../pinning/words.ts';
import type { MachineVm } from './machine.ts';
import { shorten } from './wrap.ts';
import { type Board, isCpu } from './cpu-board.ts';
import { gpuSentences, type PlacedGpu } from './cpu-gpus.ts';
import type { Group, Tenancy } from './cpu-tenants.ts';
import { absentText, cpusText, iothreadsText, offText, tenantWords, vcpusText } from './cpu-words.ts';

/** Something that a picture shows of a VM, said in a sentence. */
export interface Fact {
  readonly text: string;
  /** It is not as somebody who pins wants it. */
  readonly isOdd: boolean;
}

/** More sentences than these are in the table. */
const MOST = 8;

/** Where a VM's threads run, and how far from its GPUs, in a few sentences; what is odd last. */
export function factsOf(vm: MachineVm, tenancy: Tenancy, board: Board | null, gpus: readonly PlacedGpu[] = []): readonly Fact[] {
  const plain = [...vcpuFacts(vm, tenancy), ...emulatorFacts(vm, tenancy), ...iothreadFacts(vm, tenancy)];
  const odd = [
    ...unreadFacts(vm),
    ...strangeFacts(vm),
    ...(board === null ? [] : goneFacts(tenancy, board)),
    ...crowdedFacts(tenancy, board),
    ...besideFacts(tenancy),
  ];
  const ofGpus = board === null ? [] : gpuSentences(gpus, tenancy, board);
  return [
    ...plain.map((text) => ({ text, isOdd: false })),
    ...ofGpus.filter(({ isOdd }) => !isOdd),
    ...odd.map((text) => ({ text, isOdd: true })),
    ...ofGpus.filter(({ isOdd }) => isOdd),
  ];
}

/** Groups with more vCPUs than CPUs that are there. */
export function crowdedGroups({ vcpus }: Tenancy, board: Board | null): readonly Group[] {
  return vcpus.filter(({ ids, cpus }) => {
    const there = board === null ? cpus : cpus.filter((cpu) => board.placeOf.has(cpu));
    return there.length > 0 && ids.length > there.length;
  });
}

function vcpuFacts({ vcpus, pins }: MachineVm, tenancy: Tenancy): readonly string[] {
  if (vcpus === 0) return ['The definition’s <vcpu> is no number that libvirt takes.'];
  const free = freeIds(pins.vcpus, pins.unread, 'vCPU');
  const pinned = tenancy.vcpus.flatMap(({ ids }) => ids);
  const cpus = [...tenancy.byCpu].flatMap(([cpu, tenants]) => (tenants.vcpus.length > 0 ? [cpu] : []));
  const isOneEach = tenancy.vcpus.every((group) => group.ids.length === 1 && group.cpus.length === 1);
  const each = isOneEach && cpus.length > 1 ? ', each to a CPU of its own' : '';
  return [
    ...(pinned.length === 0 ? [] : [`${vcpusText(pinned)} ${are(pinned)} pinned to ${cpusText(cpus)}${each}.`]),
    ...(free.length === 0
      ? []
      : [`${vcpusText(free)} ${free.length === 1 ? 'has' : 'have'} no pin: ${anyCpu(pins.auto === true, free.length)}.`]),
  ];
}

function anyCpu(isAuto: boolean, count: number): string {
  if (isAuto) return 'libvirt asks numad for CPUs at each start';
  return count === 1 ? 'it runs on any CPU' : 'they run on any CPU';
}

function emulatorFacts({ pins }: MachineVm, { emulator }: Tenancy): readonly string[] {
  if (emulator !== null) return emulator.length === 0 ? [] : [`The emulator is pinned to ${cpusText(emulator)}.`];
  if (pins.unread?.some(({ thread }) => thread === 'emulator') === true) return [];
  return [`The emulator has no pin: ${anyCpu(pins.auto === true, 1)}.`];
}

function iothreadFacts({ pins }: MachineVm, { iothreads }: Tenancy): readonly string[] {
  const free = freeIds(pins.iothreads, pins.unread, 'I/O thread');
  return [
    ...iothreads.slice(0, MOST).map(({ ids, cpus }) => `${iothreadsText(ids)} ${are(ids)} pinned to ${cpusText(cpus)}.`),
    ...(free.length === 0
      ? []
      : [`${iothreadsText(free)} ${free.length === 1 ? 'has' : 'have'} no pin: ${anyCpu(pins.auto === true, free.length)}.`]),
  ];
}

function are(ids: readonly number[]): string {
  return ids.length === 1 ? 'is' : 'are';
}

/** Threads that nothing binds; one with a list that could not be read is not among them. */
function freeIds(places: MachineVm['pins']['vcpus'], unread: MachineVm['pins']['unread'] = [], thread: string): readonly number[] {
  const bad = new Set(unread.filter((one) => one.thread === thread).map(({ id }) => id));
  return places.flatMap(({ id, cpus }) => (cpus === null && !bad.has(id) ? [id] : []));
}

function unreadFacts({ pins }: MachineVm): readonly string[] {
  const all = pins.unread ?? [];
  const said = all.slice(0, MOST).map(({ thread, id, text }) => {
    const who = id === null ? `the ${thread}` : `${thread} ${id}`;
    return `The pin of ${who}, “${shorten(text, 40)}”, is no list of CPUs: nothing is known of where it runs.`;
  });
  return all.length > MOST ? [...said, `${all.length - MOST} more pins are no lists of CPUs.`] : said;
}

function strangeFacts({ pins }: MachineVm): readonly string[] {
  const lists = [...pins.vcpus.map(({ cpus }) => cpus), ...pins.iothreads.map(({ cpus }) => cpus), pins.emulator];
  const strange = lists.reduce((sum, cpus) => sum + (cpus ?? []).filter((cpu) => !isCpu(cpu)).length, 0);
  return strange === 0 ? [] : [`${counted(strange, 'number')} in the pins can be of no CPU.`];
}

/** Pins to what cannot run anything. */
function goneFacts({ byCpu }: Tenancy, { placeOf, isOff }: Board): readonly string[] {
  const named = [...byCpu.keys()];
  const sentence = (cpus: readonly number[], words: string): readonly string[] => {
    const who = tenantWords(cpus.flatMap((cpu) => byCpu.get(cpu) ?? [])).join(', ');
    return cpus.length === 0 ? [] : [`${words}; pinned to ${cpus.length === 1 ? 'it' : 'them'}: ${who}.`];
  };
  const off = named.filter((cpu) => isOff.has(cpu));
  const absent = named.filter((cpu) => !isOff.has(cpu) && !placeOf.has(cpu));
  return [...sentence(off, offText(off)), ...sentence(absent, absentText(absent))];
}

function crowdedFacts(tenancy: Tenancy, board: Board | null): readonly string[] {
  const found = crowdedGroups(tenancy, board).map(
    ({ ids, cpus }) => `${vcpusText(ids)} share ${cpusText(cpus)}: they wait for each other.`,
  );
  return found.length > MOST ? [...found.slice(0, MOST), `${found.length - MOST} more groups do so.`] : found;
}

/** QEMU's own threads take time from the vCPUs that they run beside. */
function besideFacts({ byCpu }: Tenancy): readonly string[] {
  const cpus = [...byCpu].flatMap(([cpu, { vcpus, iothreads, hasEmulator }]) =>
    vcpus.length > 0 && (hasEmulator || iothreads.length > 0) ? [cpu] : [],
  );
  return cpus.length === 0 ? [] : [`${cpusText(cpus)} ${are(cpus)} for vCPUs and for the emulator or I/O threads.`];
}
