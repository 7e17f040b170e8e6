import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import { guestMemoryOf } from '../../../src/domain/guest-memory.ts';
import { hardLimitKiB, lockedKiB, pinsAllMemory } from '../../../src/domain/lock-limit.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { sizeWords, unreadableMemory } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/hard-limit',
  title: 'The limit of memory leaves room for the guest and for QEMU',
  severity: 'blocker',
  applies: [passesDeviceThrough],
  why:
    'VFIO locks all memory of the guest, and the limit is also how much QEMU may lock: with less the VM does not start ' +
    '(VFIO_MAP_DMA failed: Cannot allocate memory), or the kernel kills it later.',
  sources: [
    'https://libvirt.org/formatdomain.html#memory-tuning',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_domain.c',
  ],
  evaluate(document) {
    const { root, domain } = document;
    const limitKiB = hardLimitKiB(root);
    const element = first(root, 'memtune', 'hard_limit');
    if (limitKiB === null || element === undefined) return passWithout(document, 'no <hard_limit>');
    const memory = guestMemoryOf(document);
    const neededKiB = lockedKiB(root, domain);
    if (memory === null || neededKiB === null) return unreadableMemory();
    if (limitKiB >= neededKiB) return passAt(document, element);
    // Beside its memory QEMU locks the ROMs and the video memory of the guest.
    const isTooLow = limitKiB <= memory.totalKiB;
    const limit = `the limit is ${sizeWords(limitKiB)}`;
    const has = isTooLow ? `and the guest has ${sizeWords(memory.totalKiB)}` : `libvirt itself would allow ${sizeWords(neededKiB)}`;
    return failAt(document, element, `${limit}, ${has}`, {
      expected: `at least ${sizeWords(neededKiB)}, or no limit`,
      remedy: xmlRemedy(document, `Remove <hard_limit>, so that libvirt sets ${sizeWords(neededKiB)} itself, or raise it to that`),
      ...(isTooLow && pinsAllMemory(document) ? {} : { severity: 'major' as const }),
    });
  },
});
