import { parseCpuset } from './cpuset.ts';
import type { DomainDocument } from './document.ts';
import { ioThreadsOf } from './io-threads.ts';
import { perRoot } from './per-root.ts';
import { unsignedNumber, vcpusOf } from './vcpus.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** One place of a definition that says on which CPUs of the host something runs. */
export interface Pin {
  readonly element: XmlElement;
  /** The number of the vCPU or I/O thread; NaN where libvirt refuses it; null where there is none (the emulator). */
  readonly id: number | null;
  /** `cpuset` as written; null where it is missing. */
  readonly text: string | null;
  /** Sorted; null where libvirt refuses the list, or where it is missing. */
  readonly cpus: readonly number[] | null;
}

/** All pins of a definition, in the order in which they are written. */
export interface Pinning {
  readonly vcpus: readonly Pin[];
  readonly emulator: readonly Pin[];
  readonly iothreads: readonly Pin[];
  /** `vcpu@cpuset`: where vCPUs and emulator run that have no pin of their own. */
  readonly others: Pin | null;
  /** The lists name more CPUs than are looked at: some of them are left out. */
  readonly isBeyondLimit: boolean;
}

/** Of all lists of a definition together: 4,096 vCPUs that may each run on 256 CPUs. */
const PINNED_LIMIT = 1024 * 1024;

/** Reads `<cputune>` and `vcpu@cpuset`. https://libvirt.org/formatdomain.html#cpu-tuning */
export const pinningOf = perRoot(readPinning);

function readPinning(root: XmlElement): Pinning {
  const lists = new Map<string, readonly number[] | null>();
  let left = PINNED_LIMIT;
  const read = (text: string | null): readonly number[] | null => {
    if (text === null || left < 0) return null;
    let cpus = lists.get(text);
    if (cpus === undefined) {
      cpus = parseCpuset(text);
      lists.set(text, cpus);
    }
    left -= cpus?.length ?? 0;
    return left < 0 ? null : cpus;
  };
  const pin = (element: XmlElement, number: string | null): Pin => {
    const text = attribute(element, 'cpuset');
    return { element, id: number === null ? null : unsignedNumber(attribute(element, number) ?? ''), text, cpus: read(text) };
  };
  const pins = (name: string, number: string | null): readonly Pin[] => all(root, 'cputune', name).map((element) => pin(element, number));
  const vcpu = first(root, 'vcpu');
  // numad chooses, and libvirt ignores the list.
  const hasOthers = vcpu !== undefined && attribute(vcpu, 'cpuset') !== null && attribute(vcpu, 'placement') !== 'auto';
  return {
    others: hasOthers ? pin(vcpu, null) : null,
    vcpus: pins('vcpupin', 'vcpu'),
    emulator: pins('emulatorpin', null),
    iothreads: pins('iothreadpin', 'iothread'),
    get isBeyondLimit() {
      return left < 0;
    },
  };
}

/** Where one thread of the VM may run. */
export interface Place {
  /** Number of the vCPU or I/O thread. */
  readonly id: number;
  /** What says so; null when nothing does. */
  readonly pin: Pin | null;
  /** Sorted; null: on any CPU, or the list is not one. */
  readonly cpus: readonly number[] | null;
}

/** Where the vCPUs run that the guest starts with, by number. A pin of a vCPU that is not plugged in has no effect. */
export function vcpuPlaces(document: Pick<DomainDocument, 'root'>): readonly Place[] {
  const { vcpus, others } = pinningOf(document);
  return placesOf(vcpusOf(document).enabled, vcpus, others);
}

/** Where the I/O threads run, by number: without a pin where the vCPUs without one run. */
export function iothreadPlaces(document: Pick<DomainDocument, 'root'>): readonly Place[] {
  const { iothreads, others } = pinningOf(document);
  return placesOf(ioThreadsOf(document).ids, iothreads, others);
}

/** Where QEMU's own threads run; null when nothing says it. */
export function emulatorPin(document: Pick<DomainDocument, 'root'>): Pin | null {
  const { emulator, others } = pinningOf(document);
  return emulator[0] ?? others;
}

function placesOf(ids: readonly number[], pins: readonly Pin[], others: Pin | null): readonly Place[] {
  const byId = new Map(pins.map((pin): [number, Pin] => [pin.id ?? Number.NaN, pin]));
  return ids.map((id) => {
    const pin = byId.get(id) ?? others;
    return { id, pin, cpus: pin?.cpus ?? null };
  });
}
