import type { Report, Result } from '../model.ts';
import { html, type Html } from './markup.ts';

/** The severities, gravest first, with their names above a group of findings. */
export const SEVERITY_NAMES = { blocker: 'Blockers', major: 'Major', minor: 'Minor', info: 'Info' } as const;

/** What each severity means to whoever has to decide. */
export function severityMeanings({ strict = false }: Pick<Report, 'strict'>): Readonly<Record<Result['severity'], string>> {
  return {
    blocker: 'The VM does not start, does not get its GPU, or cannot have it safely. One is enough for a NO-GO.',
    major: `The VM can start, and is likely to fail, to be unsafe or to run badly in use.${strict ? ' Here, one is enough for a NO-GO, too.' : ' It does not change the verdict.'}`,
    minor: 'The VM works, and is slower or less comfortable than it could be. It does not change the verdict.',
    info: 'Good to know. Nothing has to be done.',
  };
}

/** The severity of a result as a small label; what could not be looked at has a question mark. */
export function grade({ severity, status }: Pick<Result, 'severity' | 'status'>): Html {
  const isOpen = status === 'error' || status === 'skipped';
  return html`<span class="grade grade-${severity}${isOpen ? ' grade-open' : ''}">${isOpen ? '? ' : ''}${severity}</span>`;
}
