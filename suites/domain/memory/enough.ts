import { guestMemoryOf } from '../../../src/domain/guest-memory.ts';
import type { Guest } from '../../../src/domain/guest.ts';
import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { sizeWords, unreadableMemory } from '../memory-words.ts';

const MIB = 1024;

export default defineDomainRule({
  id: 'domain/memory/enough',
  title: 'The guest has as much memory as its system needs',
  severity: 'blocker',
  why: 'Without a unit a number is KiB, so <memory>16</memory> is 16 KiB. The setup of Windows refuses a machine with less than it needs.',
  sources: [
    'https://libvirt.org/formatdomain.html#memory-allocation',
    'https://learn.microsoft.com/en-us/windows/whats-new/windows-11-requirements',
  ],
  evaluate(document) {
    const { root, guest } = document;
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    const spot = first(root, 'memory') ?? root;
    const needKiB = neededKiB(guest);
    if (memory.totalKiB >= needKiB) return passAt(document, spot);
    const has = `the guest has ${sizeWords(memory.totalKiB)} of memory`;
    if (memory.totalKiB < LEAST_KIB) {
      const unit = attribute(spot, 'unit') === null ? ': a number without a unit is KiB' : '';
      return failAt(document, spot, `${has}${unit}`, {
        expected: `at least ${sizeWords(needKiB)}`,
        remedy: xmlRemedy(document, 'Give the guest its memory, with a unit', {
          inside: '<domain>',
          write: "<memory unit='GiB'>8</memory>",
        }),
      });
    }
    return failAt(document, spot, `${has}, and Windows ${guest.version ?? ''} needs ${sizeWords(needKiB)}`.replace('  ', ' '), {
      expected: `at least ${sizeWords(needKiB)}`,
      remedy: xmlRemedy(document, `Give the guest at least ${sizeWords(needKiB)}`),
      severity: 'major',
    });
  },
});

/** No firmware of a PC starts a system in less. */
const LEAST_KIB = 16 * MIB;

function neededKiB({ os, version }: Guest): number {
  if (os !== 'windows') return LEAST_KIB;
  if (version === '11') return 4096 * MIB;
  return version === null || version === '10' || version.startsWith('20') ? 2048 * MIB : LEAST_KIB;
}
