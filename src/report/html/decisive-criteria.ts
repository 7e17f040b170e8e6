import type { Report } from '../model.ts';
import type { JudgedCriterion } from '../phase-model.ts';
import { STATE_MARKS } from '../phase-progress.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';

/** Where the criteria of the phase stand. */
export const PHASE_ANCHOR = 'phase';

/** The criteria that decide the verdict of a report with a phase. */
export function decisiveCriteria({ phase, verdict }: Report): readonly JudgedCriterion[] {
  if (phase === undefined || verdict === 'GO') return [];
  const failed = phase.criteria.filter(({ state }) => state === 'failed');
  return verdict === 'NO-GO' ? failed : phase.criteria.filter(({ state }) => state === 'not-measured' || state === 'could-not-look');
}

/** Short enough for a label. */
const LABELS = { met: 'met', failed: 'failed', 'not-measured': 'to measure', 'could-not-look': 'not seen' } as const;

/** One criterion as the first screen lists it, with a link to the rest. */
export function criterionLine({ phase }: Report, criterion: JudgedCriterion): Html {
  const { text, state, message } = criterion;
  // They are numbered in the order of the document.
  const number = (phase?.criteria.indexOf(criterion) ?? -1) + 1;
  const kind = state === 'failed' ? 'blocker' : 'open';
  const words = shorten(text.replaceAll('`', ''), 200);
  return html`<span class="grade grade-${kind}">${STATE_MARKS[state]} ${LABELS[state]}</span><span><a href="#criterion-${number}">${words}</a>${
    message === '' ? null : html` <span class="muted">${shorten(message.replaceAll('`', ''), 200)}</span>`
  }</span>`;
}
