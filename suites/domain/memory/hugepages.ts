import { passesDeviceThrough } from '../../../src/domain/applies.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { guestMemoryOf, ordinaryKiB } from '../../../src/domain/guest-memory.ts';
import { memoryBackingOf } from '../../../src/domain/memory-backing.ts';
import { devicesThatShare, memorySharing } from '../../../src/domain/shared-memory.ts';
import { all, attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import { type Evidence, notApplicable, type Severity } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Hugepages } from '../../../src/facts/hugepages.ts';
import { sizeWords, unreadableMemory } from '../memory-words.ts';

/** Below this the translation of addresses costs too little for the trouble. */
const LARGE_KIB = 8 * 1024 * 1024;
/** `-mem-path /dev/hugepages`, `-object memory-backend-memfd,hugetlb=on` */
const HUGE_ARGUMENT = /\/hugepages|hugetlb/;
const TRANSPARENT = '/sys/kernel/mm/transparent_hugepage/enabled';
const TRANSPARENT_SHARED = '/sys/kernel/mm/transparent_hugepage/shmem_enabled';

export default defineDomainRule({
  id: 'domain/memory/hugepages',
  title: 'A guest with much memory has it in hugepages',
  severity: 'major',
  wantsHost: ['hugepages'],
  applies: [passesDeviceThrough],
  why: 'With pages of 4 KiB the CPU spends more time on translating addresses of the guest, which is felt as stutter.',
  sources: [
    'https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF#Huge_memory_pages',
    'https://docs.kernel.org/admin-guide/mm/transhuge.html',
    'https://libvirt.org/formatdomain.html#memory-backing',
  ],
  evaluate(document, { hugepages }) {
    const { root } = document;
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    if (memory.totalKiB < LARGE_KIB) return notApplicable(`the guest has ${sizeWords(memory.totalKiB)}, less than ${sizeWords(LARGE_KIB)}`);
    if (document.domain.qemuArguments.some((argument) => HUGE_ARGUMENT.test(argument)))
      return notApplicable('arguments for QEMU put memory into hugepages');
    const backing = memoryBackingOf(document);
    const ordinary = ordinaryKiB(memory);
    if (ordinary < LARGE_KIB) return passAt(document, backing.hugepages ?? root);
    const { why, severity, evidence } = instead(document, hugepages);
    const spot = first(root, 'memoryBacking') ?? first(root, 'memory') ?? root;
    return failAt(document, spot, `${sizeWords(ordinary)} of the guest are in ordinary pages${why}`, {
      expected: '<hugepages/>',
      // Hugepages can be shared as well as a memfd: what both rules ask for is one text.
      remedy: xmlRemedy(document, 'Reserve hugepages on the host for all of the guest, then ask for them', {
        inside: '<memoryBacking>',
        write: needsSharing(document) ? "<hugepages/><access mode='shared'/>" : '<hugepages/>',
      }),
      evidence,
      ...(severity === null ? {} : { severity }),
    });
  },
});

interface Instead {
  readonly why: string;
  readonly severity: Severity | null;
  readonly evidence: readonly Evidence[];
}

/** Transparent hugepages serve the memory of QEMU itself, which it advises; not memory that is shared with other programs. */
function instead(document: DomainDocument, hugepages: Attempt<Hugepages>): Instead {
  if (isShared(document)) return insteadShared(document, hugepages);
  if (!hugepages.ok) return { why: ', or in transparent hugepages, which get fewer as memory fragments', severity: 'minor', evidence: [] };
  const { transparent } = hugepages.value;
  if (transparent.state === 'unreadable') return { why: '', severity: 'minor', evidence: [] };
  const mode = transparent.state === 'ok' ? transparent.value : 'absent';
  const evidence = [{ source: TRANSPARENT, observed: mode }];
  if (mode === 'never' || mode === 'absent') return { why: ', and there are no transparent hugepages', severity: null, evidence };
  return { why: `; transparent hugepages (${mode}) stand in, fewer as memory fragments`, severity: 'minor', evidence };
}

/** What QEMU advises the kernel to put into transparent hugepages, and what the kernel does unasked. */
const SERVES_SHARED = new Set(['advise', 'within_size', 'always', 'force']);

/** A memfd follows a switch of its own, which is off unless somebody sets it; other files get none. */
function insteadShared(document: DomainDocument, hugepages: Attempt<Hugepages>): Instead {
  const none = ': the kernel makes no transparent hugepages of memory that is shared';
  const { source } = memoryBackingOf(document);
  const isMemfd = source === 'memfd' || (source === null && needsSharing(document));
  if (!isMemfd) return { why: none, severity: null, evidence: [] };
  if (!hugepages.ok) return { why: `${none}, unless it is told to (shmem_enabled)`, severity: null, evidence: [] };
  const { transparentShared } = hugepages.value;
  if (transparentShared.state === 'unreadable')
    return { why: '', severity: 'minor', evidence: [{ source: TRANSPARENT_SHARED, observed: transparentShared.detail }] };
  const mode = transparentShared.state === 'ok' ? transparentShared.value : 'absent';
  const evidence = [{ source: TRANSPARENT_SHARED, observed: mode }];
  if (!SERVES_SHARED.has(mode)) return { why: none, severity: null, evidence };
  return { why: `; transparent hugepages of shared memory (${mode}) stand in, fewer as memory fragments`, severity: 'minor', evidence };
}

/** A device cannot do without shared memory, and what is there is private (domain/memory/shared-memory). */
function needsSharing({ root }: DomainDocument): boolean {
  return devicesThatShare(root).length > 0 && memorySharing(root) !== 'all';
}

/** Or it has to be, for a device that needs that. */
function isShared(document: DomainDocument): boolean {
  const { source, access } = memoryBackingOf(document);
  const cells = all(document.root, 'cpu', 'numa', 'cell').some((cell) => attribute(cell, 'memAccess') === 'shared');
  return source === 'memfd' || access === 'shared' || cells || devicesThatShare(document.root).length > 0;
}
