import type { Report } from '../model.ts';
import { criteriaSection } from './criteria.ts';
import { cpuSection } from './cpu-section.ts';
import { page } from './page.ts';
import { figuresSection } from './figures.ts';
import { findingsSection, unseenSection } from './findings.ts';
import { methodsSection } from './methods.ts';
import { othersSection } from './others.ts';
import { environmentSection } from './environment.ts';
import { inventorySection } from './inventory-section.ts';
import { pciSection } from './pci-section.ts';
import { verdictSection } from './verdict.ts';
import type { Section } from './section.ts';

/** The parts of the page below the verdict, in the order in which a person needs them; null where a report has nothing for it. */
const SECTIONS: readonly ((report: Report) => Section | null)[] = [
  criteriaSection,
  findingsSection,
  unseenSection,
  figuresSection,
  othersSection,
  cpuSection,
  pciSection,
  inventorySection,
  environmentSection,
  methodsSection,
];

/** The report as one HTML page that needs nothing else: no network, no other file, no script to be read. */
export function renderHtml(report: Report): string {
  return page(
    report,
    verdictSection(report),
    SECTIONS.flatMap((section) => section(report) ?? []),
  );
}
