import type { PhaseJudgement } from '../phase-model.ts';
import { stateCounts, STATES } from '../phase-progress.ts';
import { html, type Html } from './markup.ts';

const WIDTH = 1000;
const GAP = 4;

/** How far the phase is, as a bar. The words beside it say the same, so that a screen reader leaves it out. */
export function progressBar(phase: PhaseJudgement): Html {
  const counts = stateCounts(phase);
  const present = STATES.filter((state) => counts[state] > 0);
  const room = WIDTH - GAP * Math.max(0, present.length - 1);
  let x = 0;
  const parts = present.map((state) => {
    const width = Math.round((counts[state] / phase.criteria.length) * room * 10) / 10;
    const part = html`<rect class="${state}" x="${x}" y="0" width="${width}" height="10"/>`;
    x = Math.round((x + width + GAP) * 10) / 10;
    return part;
  });
  return html`<svg class="progress" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts}</svg>
`;
}
