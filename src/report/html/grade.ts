import type { Result } from '../model.ts';
import { html, type Html } from './markup.ts';

/** The severities, gravest first, with their names above a group of findings. */
export const SEVERITY_NAMES = { blocker: 'Blockers', major: 'Major', minor: 'Minor', info: 'Info' } as const;

/** The severity of a result as a small label; what could not be looked at has a question mark. */
export function grade({ severity, status }: Pick<Result, 'severity' | 'status'>): Html {
  const isOpen = status === 'error' || status === 'skipped';
  return html`<span class="grade grade-${severity}${isOpen ? ' grade-open' : ''}">${isOpen ? '? ' : ''}${severity}</span>`;
}
