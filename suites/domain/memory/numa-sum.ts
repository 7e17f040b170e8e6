import { guestMemoryOf } from '../../../src/domain/guest-memory.ts';
import { sizeOf } from '../../../src/domain/memory-size.ts';
import { first } from '../../../src/domain/xml.ts';
import { failAt, passAt, passWithout, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { sizeWords, unreadableMemory } from '../memory-words.ts';

/** libvirt rounds cells up to whole MiB. */
const ROUNDING_KIB = 1024;

export default defineDomainRule({
  id: 'domain/memory/numa-sum',
  title: 'The NUMA cells of the guest add up to its memory',
  severity: 'minor',
  why: 'With NUMA cells libvirt takes their sum and overwrites <memory>: a guest whose <memory> was raised alone has as much as before.',
  sources: [
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/conf/domain_postparse.c',
    'https://libvirt.org/formatdomain.html#memory-allocation',
  ],
  evaluate(document) {
    const { root } = document;
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    if (memory.cellsKiB === null) return notApplicable('the guest has no NUMA cells');
    const element = first(root, 'memory');
    const written = sizeOf(element);
    if (element === undefined || written === undefined || written.kib === null || written.kib === 0)
      return passWithout(document, 'no <memory>');
    if (Math.abs(written.kib - memory.totalKiB) < ROUNDING_KIB) return passAt(document, element);
    const parts = memory.modules.length === 0 ? 'the NUMA cells' : 'the NUMA cells and memory devices';
    return failAt(document, element, `<memory> is ${sizeWords(written.kib)}, ${parts} add up to ${sizeWords(memory.totalKiB)}`, {
      expected: sizeWords(memory.totalKiB),
      remedy: xmlRemedy(document, 'Change the cells in <cpu><numa> to what the guest shall have, and <memory> to their sum'),
    });
  },
});
