import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { type GuestMemory, guestMemoryOf } from '../../../src/domain/guest-memory.ts';
import { sizeOf } from '../../../src/domain/memory-size.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Libvirt } from '../../../src/facts/libvirt.ts';
import { isAtLeast } from '../../../src/facts/version.ts';
import { sizeWords, unreadableMemory } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/hotplug',
  title: 'Memory that is plugged in has a place, and a passed device is not in its way',
  severity: 'blocker',
  why:
    'libvirt refuses memory devices without <maxMemory>, slots and a NUMA cell. With a passed device each one is pinned in full ' +
    'when it is plugged in, and room for more is of no use to a guest whose memory stays the same.',
  sources: [
    'https://libvirt.org/formatdomain.html#memory-allocation',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_domain.c',
  ],
  wantsHost: ['libvirt'],
  evaluate(document, { libvirt }) {
    const { root } = document;
    const element = first(root, 'maxMemory');
    const [device] = all(root, 'devices', 'memory');
    if (element === undefined && device === undefined) return passWithout(document, 'no <maxMemory> and no <memory> device');
    const memory = guestMemoryOf(document);
    const maximum = sizeOf(element);
    if (memory === null || maximum?.kib === null) return unreadableMemory();
    const refusal = refused(document, memory, { element, maximumKiB: maximum?.kib ?? 0, device, needsSlots: needsSlots(libvirt) });
    if (refusal !== null) return refusal;
    if (passesDeviceThrough(document) !== null) return [];
    const spot = element ?? device ?? root;
    const message =
      memory.modules.length === 0
        ? 'there is room to plug memory in, and none is plugged'
        : `${memory.modules.length} memory ${memory.modules.length === 1 ? 'device is' : 'devices are'} pinned in full for the passed devices`;
    return failAt(document, spot, message, {
      remedy: xmlRemedy(document, 'Give the guest all its memory in <memory>, and remove <maxMemory> and the memory devices'),
      severity: 'minor',
    });
  },
});

interface Written {
  readonly element: XmlElement | undefined;
  /** 0: not written. */
  readonly maximumKiB: number;
  readonly device: XmlElement | undefined;
  readonly needsSlots: boolean;
}

/** libvirt before 9.5 wants slots for every <maxMemory>. */
function needsSlots(libvirt: Attempt<Libvirt>): boolean {
  const version = libvirt.ok ? libvirt.value.version : null;
  return version !== null && !isAtLeast(version, [9, 5]);
}

const SLOTS = 256;

/** What libvirt says no to (virDomainDefPostParseMemory, qemuDomainDefValidateMemoryHotplug). */
function refused(
  document: DomainDocument,
  memory: GuestMemory,
  { element, maximumKiB, device, needsSlots: isOld }: Written,
): Outcome | null {
  const text = attribute(element, 'slots') ?? '0';
  const slots = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  const no = (spot: XmlElement, message: string, summary: string, expected?: string): Outcome =>
    failAt(document, spot, message, { remedy: xmlRemedy(document, summary), ...(expected === undefined ? {} : { expected }) });
  if (element === undefined || (maximumKiB === 0 && slots === 0)) {
    if (device === undefined) return null;
    return no(device, 'a memory device without <maxMemory>', "Write <maxMemory slots='N'> with a size for all of the memory");
  }
  if (Number.isNaN(slots) || slots > SLOTS) return no(element, `slots is ${text.slice(0, 20)}`, 'Write a number of slots', `0 to ${SLOTS}`);
  if (slots === 0 && isOld)
    return no(element, 'libvirt before 9.5 takes no <maxMemory> without slots', 'Write slots, or remove <maxMemory>');
  if (maximumKiB === 0) return no(element, 'slots without a size in <maxMemory>', 'Write a size into <maxMemory>');
  const total = sizeWords(memory.totalKiB);
  if (maximumKiB < memory.totalKiB)
    return no(
      element,
      `<maxMemory> is ${sizeWords(maximumKiB)}, less than the ${total} of the guest`,
      'Raise <maxMemory>',
      `at least ${total}`,
    );
  if (memory.cellsKiB === null) {
    const message = '<maxMemory> without a NUMA cell in the guest';
    return no(element, message, 'Remove <maxMemory>, or give the guest a NUMA cell in <cpu><numa>', '<numa> with a <cell>');
  }
  const plugged = memory.modules.filter(({ model }) => model === 'dimm' || model === 'nvdimm').length;
  return plugged > slots ? no(element, `${plugged} memory modules for ${slots} slots`, `Write slots='${plugged}' or more`) : null;
}
