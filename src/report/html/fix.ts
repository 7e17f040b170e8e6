import type { Result } from '../model.ts';
import { type ShownStep, shownSteps } from '../steps.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';

type Remedy = NonNullable<Result['remedy']>;

/** What is to be done, with numbered steps; what is to be copied stands alone. */
export function fix(remedy: Remedy): Html {
  return html`<p>${shorten(remedy.summary, LONGEST)}</p>${stepList(shownSteps(remedy))}`;
}

/** Steps as a numbered list; a single one has no number. */
export function stepList(steps: readonly ShownStep[]): Html | null {
  if (steps.length === 0) return null;
  return html`<ol class="${steps.length === 1 ? 'steps single' : 'steps'}">${steps.map((step) => html`<li>${stepBody(step)}</li>`)}</ol>`;
}

function stepBody({ words, copy }: ShownStep): Html {
  return html`<p>${shorten(words, LONGEST)}</p>${copy === null ? null : html`<div class="copy"><pre><code>${copy}</code></pre></div>`}`;
}

/** Beyond this nobody reads on; the JSON report has all. */
const LONGEST = 4000;
