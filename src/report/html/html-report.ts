import type { Report } from '../model.ts';
import { page } from './page.ts';
import { findingsSection } from './findings.ts';
import { verdictSection } from './verdict.ts';
import type { Section } from './section.ts';

/** The parts of the page below the verdict, in the order in which a person needs them; null where a report has nothing for it. */
const SECTIONS: readonly ((report: Report) => Section | null)[] = [findingsSection];

/** The report as one HTML page that needs nothing else: no network, no other file, no script to be read. */
export function renderHtml(report: Report): string {
  return page(
    report,
    verdictSection(report),
    SECTIONS.flatMap((section) => section(report) ?? []),
  );
}
