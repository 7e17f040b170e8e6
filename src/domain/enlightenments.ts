import { oncePer } from '../once-per.ts';
import { hasHypervClock } from './timers.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** The Hyper-V enlightenments of a definition, as libvirt's QEMU driver reads them. https://libvirt.org/formatdomain.html#hypervisor-features */
export interface Enlightenments {
  /**
   * `custom`: exactly those that are written (the default). `host`: whatever KVM and QEMU offer; what is written does not count
   * (`passthrough`, and `host-model` of newer libvirt).
   */
  readonly mode: 'none' | 'custom' | 'host';
  /** The last `<hyperv>`; libvirt adds several up. */
  readonly block: XmlElement | undefined;
  /** By name, in the order of the text; of several with one name the last counts. */
  readonly written: ReadonlyMap<string, XmlElement>;
  /** The timer `hypervclock`, which QEMU counts among the enlightenments (`hv-time`). */
  readonly hasClock: boolean;
}

/** The enlightenments of libvirt 11.3, with the release that brought each. https://libvirt.org/formatdomain.html#hypervisor-features */
export const ENLIGHTENMENTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['relaxed', [1, 0]],
  ['vapic', [1, 1]],
  ['spinlocks', [1, 1]],
  ['vpindex', [1, 3]],
  ['runtime', [1, 3]],
  ['synic', [1, 3]],
  ['stimer', [1, 3]],
  ['reset', [1, 3]],
  ['vendor_id', [1, 3]],
  ['frequencies', [4, 7]],
  ['reenlightenment', [4, 7]],
  ['tlbflush', [4, 7]],
  ['ipi', [4, 10]],
  ['evmcs', [4, 10]],
  ['avic', [8, 10]],
  ['emsr_bitmap', [10, 7]],
  ['xmm_input', [10, 7]],
]);

/** What `mode` of `<hyperv>` can say. */
export const HYPERV_MODES: readonly string[] = ['custom', 'passthrough', 'host-model'];

/** Reads `<hyperv>` and the timer that belongs to it. */
export const enlightenmentsOf = oncePer(readEnlightenments);

function readEnlightenments(root: XmlElement): Enlightenments {
  const blocks = all(root, 'features', 'hyperv');
  const block = blocks.at(-1);
  const mode = attribute(block, 'mode') ?? 'custom';
  const isCustom = !['passthrough', 'host-model'].includes(mode);
  const hasClock = hasHypervClock(root);
  if (block === undefined) return { mode: 'none', block, written: new Map(), hasClock };
  const written = new Map(blocks.flatMap(({ children }) => children.map((child): [string, XmlElement] => [child.name, child])));
  return { mode: isCustom ? 'custom' : 'host', block, written, hasClock: hasClock || !isCustom };
}

/** Is an enlightenment on, by its name in libvirt? `hypervclock` is the timer. */
export function isEnlightened({ mode, written, hasClock }: Enlightenments, name: string): boolean {
  if (mode === 'host') return true;
  return name === HYPERV_CLOCK ? hasClock : isSwitchedOn(written.get(name));
}

/** A switch inside an enlightenment: `<direct state='on'/>` in `<stimer>`. */
export function hasSwitch({ written }: Enlightenments, name: string, part: string): boolean {
  const element = written.get(name);
  return isSwitchedOn(element) && isSwitchedOn(first(element, part));
}

/** `state` has no default: libvirt refuses an enlightenment without one. */
function isSwitchedOn(element: XmlElement | undefined): boolean {
  return attribute(element, 'state') === 'on';
}

/** The enlightenment that is a `<timer>`. */
export const HYPERV_CLOCK = 'hypervclock';

/**
 * What QEMU wants before it starts a guest with an enlightenment: `kvm_hyperv_properties` and `kvm_hyperv_expand_features` in
 * target/i386/kvm/kvm.c, since QEMU 4.1. libvirt adds nothing by itself.
 */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  synic: ['vpindex'],
  stimer: ['synic', HYPERV_CLOCK],
  tlbflush: ['vpindex'],
  ipi: ['vpindex'],
  evmcs: ['vapic'],
};

/** Enlightenments that are off, with those that are on and want them, directly or by way of another that is off. */
export function missingRequirements(enlightenments: Enlightenments): ReadonlyMap<string, readonly string[]> {
  const missing = new Map<string, string[]>();
  const need = (name: string, by: string): void => {
    if (isEnlightened(enlightenments, name)) return;
    const users = missing.get(name) ?? [];
    missing.set(name, users);
    if (!users.includes(by)) users.push(by);
    for (const next of REQUIRED[name] ?? []) need(next, by);
  };
  if (enlightenments.mode !== 'custom') return missing;
  for (const name of Object.keys(REQUIRED))
    if (isEnlightened(enlightenments, name)) for (const required of REQUIRED[name] ?? []) need(required, name);
  // hv-tlbflush-direct
  if (hasSwitch(enlightenments, 'tlbflush', 'direct')) need('vapic', 'tlbflush');
  return missing;
}
