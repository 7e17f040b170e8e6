import type { Report } from '../model.ts';
import { findingsOf } from '../order.ts';
import { shorten } from '../wrap.ts';
import type { Blocking } from './blocking.ts';
import { html, type Html } from './markup.ts';
import type { JudgedCriterion } from '../phase-model.ts';

/** Where the criteria of the phase stand. */
export const PHASE_ANCHOR = 'phase';

const MOST = 6;

/** The criteria that decide the verdict of a phase; null without a phase, or when none of them does. */
export function phaseBlocking(report: Report): Blocking | null {
  const { phase, verdict } = report;
  if (phase === undefined || verdict === 'GO') return null;
  const failed = phase.criteria.filter(({ state }) => state === 'failed');
  const open = phase.criteria.filter(({ state }) => state === 'not-measured' || state === 'could-not-look');
  const decisive = verdict === 'NO-GO' ? failed : open;
  if (decisive.length === 0) return null;
  const checks = new Set(decisive.flatMap(({ by }) => by));
  const first = findingsOf(report, verdict === 'NO-GO' ? 'fail' : 'error').find(({ id }) => checks.has(id)) ?? null;
  const left = decisive.length - MOST;
  const rest = left > 0 ? html`<p><a href="#${PHASE_ANCHOR}">and ${left} more</a></p>` : null;
  return {
    heading: `${verdict === 'NO-GO' ? 'Criteria that failed' : 'Criteria that are open'} (${decisive.length})`,
    list: html`<ul>${decisive.slice(0, MOST).map((criterion) => html`<li>${line(criterion)}</li>`)}</ul>${rest}`,
    first,
    advice: decisive.find(({ next }) => next !== null)?.next ?? null,
    others: decisive.length - 1,
  };
}

const STATES = { met: 'met', failed: 'failed', 'not-measured': 'not measured', 'could-not-look': 'could not look' } as const;

function line({ text, state, message }: JudgedCriterion): Html {
  const kind = state === 'failed' ? 'blocker' : 'major grade-open';
  return html`<span class="grade grade-${kind}">${STATES[state]}</span><span><a href="#${PHASE_ANCHOR}">${shorten(text, 200)}</a><span class="muted">${
    message === '' ? null : `: ${shorten(message, 200)}`
  }</span></span>`;
}
