import { guestMemoryOf, type MemoryPart } from '../../../src/domain/guest-memory.ts';
import type { DomainDocument } from '../../../src/domain/document.ts';
import { memoryBackingOf } from '../../../src/domain/memory-backing.ts';
import { first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { Qemu } from '../../../src/facts/qemu.ts';
import { isAtLeast } from '../../../src/facts/version.ts';
import { emulatorVersion } from '../emulator-version.ts';
import { sizeWords, unreadableMemory, X86_HUGEPAGES_KIB } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/hugepage-multiple',
  title: 'The memory is a whole number of hugepages',
  severity: 'blocker',
  wantsHost: ['hugepages', 'qemu'],
  why: 'QEMU from 9.1 on refuses memory that is no whole number of its pages; before, a part of the last page is lost, or QEMU fails to start.',
  sources: [
    'https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0/backends/hostmem.c',
    'https://docs.kernel.org/admin-guide/mm/hugetlbpage.html',
  ],
  evaluate(document, { hugepages, qemu }) {
    const memory = guestMemoryOf(document);
    if (memory === null) return unreadableMemory();
    const defaultSizeKiB = (hugepages.ok ? hugepages.value.defaultSizeKiB : null) ?? DEFAULT_KIB;
    const paged = memory.parts.flatMap((part) => pagedPart(part, defaultSizeKiB) ?? []);
    const bad = paged.filter(({ kib, pageKiB }) => kib % pageKiB !== 0).slice(0, MOST);
    const [part] = paged;
    if (bad.length > 0 || part === undefined) return bad.map((one) => notWhole(document, one, qemu));
    return passAt(document, part.element);
  },
});

/** Unless the kernel command line says another. */
const DEFAULT_KIB = 2048;

/** A guest with more bad cells than this has one fault. */
const MOST = 20;

interface PagedPart {
  readonly element: XmlElement;
  readonly kib: number;
  readonly pageKiB: number;
}

/** Null for what is not in hugepages, or in pages of a size that another rule refuses. */
function pagedPart({ element, kib, pages }: MemoryPart, defaultSizeKiB: number): PagedPart | null {
  const pageKiB = pages === 'ordinary' ? null : (pages.sizeKiB ?? defaultSizeKiB);
  return pageKiB === null || !X86_HUGEPAGES_KIB.includes(pageKiB) ? null : { element, kib, pageKiB };
}

function notWhole(document: DomainDocument, { element, kib, pageKiB }: PagedPart, qemu: Attempt<Qemu>): Outcome {
  const [below, above] = [Math.floor(kib / pageKiB) * pageKiB, Math.ceil(kib / pageKiB) * pageKiB];
  const expected = below === 0 ? sizeWords(above) : `${sizeWords(below)} or ${sizeWords(above)}`;
  const message = `${sizeWords(kib)} are no whole number of pages of ${sizeWords(pageKiB)}`;
  return failAt(document, element, message, {
    expected,
    remedy: xmlRemedy(document, `Give the guest ${expected} of memory, or choose smaller pages`),
    ...(below > 0 && roundsUp(document, qemu) ? { severity: 'minor' as const } : {}),
  });
}

/** Before 9.1 QEMU rounds a file in hugepages up; a memfd of that size it cannot make, and no part of a page bind to a node. */
function roundsUp(document: DomainDocument, qemu: Attempt<Qemu>): boolean {
  if (memoryBackingOf(document).source === 'memfd' || first(document.root, 'numatune') !== undefined) return false;
  const version = emulatorVersion(document, qemu);
  return version !== null && !isAtLeast(version, [9, 1]);
}
