import type { Report } from '../model.ts';
import { subjectParts } from '../order.ts';
import { html, type Html } from './markup.ts';

/** The first screen: the verdict, what it is about, what blocks and what to do first. */
export function verdictSection(report: Report): Html {
  return html`<header class="verdict"><h1>${report.verdict}</h1><p>${subjectParts(report).join(' · ')}</p></header>`;
}
