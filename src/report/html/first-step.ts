import type { Report, Result } from '../model.ts';
import { fixableCount, toDecide } from '../next-step.ts';
import { shownSteps } from '../steps.ts';
import { shorten } from '../wrap.ts';
import { stepList } from './fix.ts';
import { html, type Html } from './markup.ts';

/** The first screen shows how to begin; the finding has all. */
const MOST_STEPS = 3;

/** What to do first about the result that a person sees to first, and what then. */
export function firstStep(report: Report, first: Result, { anchor, others }: { readonly anchor: string; readonly others: number }): Html {
  return html`${first.status === 'fail' ? fixBegin(first, anchor) : html`<p>${capitalized(toDecide(report, first))}</p>`}${afterwards(report, others)}`;
}

function fixBegin({ remedy, id }: Result, anchor: string): Html {
  if (remedy === null) return html`<p>Look at the evidence of <a href="#${anchor}">${id}</a>.</p>`;
  const steps = shownSteps(remedy);
  const left = steps.length - MOST_STEPS;
  const rest = left > 0 ? html`<p><a href="#${anchor}">${left === 1 ? '1 more step' : `${left} more steps`}</a></p>` : null;
  return html`<p><strong>${shorten(remedy.summary, 400)}</strong></p>${stepList(steps.slice(0, MOST_STEPS))}${rest}`;
}

function afterwards(report: Report, others: number): Html | null {
  const fixable = fixableCount(report);
  const then = others === 0 ? 'Then judge again.' : 'Then the others, in the order of the findings; then judge again.';
  const again = report.verdict === 'GO' ? null : html`<p class="muted">${then}</p>`;
  const mends =
    fixable === 0
      ? null
      : html`<p class="muted"><code>passcheck lint --fix</code> mends ${fixable} of the findings; <code>--diff</code> shows how, and changes nothing.</p>`;
  return html`${again}${mends}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
