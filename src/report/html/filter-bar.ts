import type { Report } from '../model.ts';
import { html, type Html } from './markup.ts';

/** Fewer results are found by looking. */
const WORTH_FILTERING = 8;

/** What narrows findings and results down. It does nothing without the script, which shows it. */
export function filterBar({ results }: Report): Html | null {
  return results.length < WORTH_FILTERING ? null : BAR;
}

const BAR = html`<div class="filter" role="search" aria-label="Findings and results" hidden>
<label>Text <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<label>Severity <select name="severity"><option value="">all</option><option value="blocker">blocker</option><option value="major">major</option><option value="minor">minor</option><option value="info">info</option></select></label>
<label>Status <select name="status"><option value="">all</option><option value="fail">failed</option><option value="error">could not look</option><option value="pass">passed</option><option value="not-applicable">not applicable</option><option value="skipped">skipped</option></select></label>
<button type="button">Clear</button>
<output></output>
</div>
`;
