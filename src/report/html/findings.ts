import type { Report } from '../model.ts';
import { findings } from '../order.ts';
import { html } from './markup.ts';
import type { Section } from './section.ts';

/** What failed or could not be looked at, with evidence and fix. */
export function findingsSection(report: Report): Section | null {
  const found = findings(report);
  if (found.length === 0) return null;
  return { id: 'findings', title: 'Findings', body: html`<ul>${found.map(({ id, message }) => html`<li>${id}: ${message}</li>`)}</ul>` };
}
