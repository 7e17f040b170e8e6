import type { DomainDocument } from '../../../src/domain/document.ts';
import { setAttribute } from '../../../src/domain/edit.ts';
import { memoryBackingOf, ORDINARY_PAGE_KIB, type PageChoice } from '../../../src/domain/memory-backing.ts';
import { all, attribute, first, type XmlElement } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { sizeWords, X86_HUGEPAGES_KIB } from '../memory-words.ts';

export default defineDomainRule({
  id: 'domain/memory/hugepage-choice',
  title: 'The choice of hugepages agrees with itself and with the guest',
  severity: 'blocker',
  why: 'libvirt refuses hugepages of a size that x86 does not have, for a NUMA cell that the guest does not have, or twice for the same.',
  sources: [
    'https://libvirt.org/formatdomain.html#memory-backing',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/conf/domain_validate.c',
    'https://gitlab.com/libvirt/libvirt/-/blob/v11.3.0/src/qemu/qemu_validate.c',
  ],
  evaluate(document) {
    const backing = memoryBackingOf(document);
    const { hugepages, pages } = backing;
    if (hugepages === null) return [];
    const cells = cellNumbers(document.root);
    const bad = [
      ...pages.flatMap((page) => badSize(document, page) ?? []),
      ...pages.flatMap((page) => badCells(document, page, cells) ?? []),
      ...(twice(document, pages) ?? []),
      ...contradiction(document, hugepages),
    ];
    return bad.length > 0 ? bad : passAt(document, hugepages);
  },
});

/** A size that cannot be read is told by another rule. */
function badSize(document: DomainDocument, { element, sizeKiB }: PageChoice): Outcome | null {
  if (sizeKiB === null || Number.isNaN(sizeKiB) || sizeKiB === 0) return null;
  // libvirt lets one ask for ordinary pages in this way.
  if (sizeKiB === ORDINARY_PAGE_KIB || X86_HUGEPAGES_KIB.includes(sizeKiB)) return null;
  return failAt(document, { element, attribute: 'size' }, `x86 has no pages of ${sizeWords(sizeKiB)}`, {
    expected: '2 MiB or 1 GiB',
    remedy: xmlRemedy(document, 'Choose pages of 2 MiB or 1 GiB', { inside: '<hugepages>', write: "<page size='2' unit='MiB'/>" }),
  });
}

function cellNumbers(domain: XmlElement): ReadonlySet<number> {
  return new Set(
    all(domain, 'cpu', 'numa', 'cell').map((cell, index) => {
      const id = attribute(cell, 'id') ?? String(index);
      return /^\d{1,5}$/.test(id) ? Number(id) : index;
    }),
  );
}

function badCells(document: DomainDocument, { element, cells }: PageChoice, known: ReadonlySet<number>): Outcome | null {
  if (cells === null) return null;
  const spot = { element, attribute: 'nodeset' };
  const remedy = xmlRemedy(document, 'Name NUMA cells of the guest in nodeset, or remove it');
  if (cells.length === 0) return failAt(document, spot, 'nodeset is no set of NUMA cells', { expected: 'a set such as 0-1', remedy });
  const unknown = cells.find((cell) => !known.has(cell));
  if (unknown === undefined) return null;
  const has = known.size === 0 ? 'has no NUMA cells' : `has no NUMA cell ${unknown}`;
  return failAt(document, spot, `nodeset names cell ${unknown}, and the guest ${has}`, { remedy });
}

/** Two choices for the same cell, or two for all. */
function twice(document: DomainDocument, pages: readonly PageChoice[]): readonly Outcome[] | null {
  const seen = new Set<number | null>();
  for (const { element, cells } of pages) {
    for (const cell of cells ?? [null]) {
      if (seen.has(cell)) {
        const whom = cell === null ? 'all of the guest' : `cell ${cell} of the guest`;
        return [failAt(document, element, `a second size of pages for ${whom}`, { remedy: xmlRemedy(document, 'Keep one of them') })];
      }
      seen.add(cell);
    }
  }
  return null;
}

function contradiction(document: DomainDocument, hugepages: XmlElement): readonly Outcome[] {
  const backing = first(document.root, 'memoryBacking');
  const [allocation, source] = [first(backing, 'allocation'), first(backing, 'source')];
  const found: Outcome[] = [];
  if (allocation !== undefined && attribute(allocation, 'mode') === 'ondemand') {
    const spot = { element: allocation, attribute: 'mode' };
    found.push(
      failAt(document, spot, 'libvirt takes hugepages at once, and not on demand', {
        expected: 'immediate',
        remedy: xmlRemedy(document, 'Let libvirt allocate the memory at once', {
          inside: '<memoryBacking>',
          write: "<allocation mode='immediate'/>",
        }),
        edits: [setAttribute(document, allocation, 'mode', 'immediate')],
      }),
    );
  }
  if (source === undefined) return found;
  const spot = { element: source, attribute: 'type' };
  if (attribute(source, 'type') === 'anonymous') {
    const remedy = xmlRemedy(document, 'Remove <source>: with hugepages libvirt needs none');
    found.push(failAt(document, spot, 'libvirt allows no hugepages in anonymous memory', { expected: 'memfd, or no <source>', remedy }));
  }
  if (attribute(source, 'type') === 'file' && hugepages.name === 'hugepages') {
    const remedy = xmlRemedy(document, 'You may remove <source>: hugepages come before it');
    found.push(failAt(document, spot, 'a file has no effect beside hugepages', { remedy, severity: 'info' }));
  }
  return found;
}
