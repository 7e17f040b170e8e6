import { besideFrame, excerptParts } from '../code-frame.ts';
import type { Result } from '../model.ts';
import { observedWords } from '../not-recorded.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';

type Evidence = Result['evidence'][number];
type Location = NonNullable<Result['location']>;

/** Longer values, and more of them, are for `--format json`. */
const LONGEST = 2000;
const MOST = 40;

/** What was seen where, and what was wanted instead; null when there is nothing beside the code frame. */
export function evidenceTable(result: Result): Html | null {
  const { evidence } = besideFrame(result);
  if (evidence.length === 0) return null;
  const shown = evidence.slice(0, MOST);
  const hasWishes = shown.some(({ expected }) => expected !== undefined);
  const left = evidence.length - shown.length;
  return html`<table class="evidence" aria-label="Evidence"><thead><tr><th scope="col">Where</th><th scope="col">Seen</th>${
    hasWishes ? html`<th scope="col">Expected</th>` : null
  }</tr></thead><tbody>${shown.map((row) => evidenceRow(result, row, hasWishes))}</tbody></table>${
    left === 0 ? null : html`<p class="muted">… and ${left} more; the JSON report has all.</p>`
  }`;
}

function evidenceRow(result: Result, { source, observed, expected }: Evidence, hasWishes: boolean): Html {
  const wish = expected === undefined ? html`<td class="empty"></td>` : html`<td class="wish">${shorten(expected, LONGEST)}</td>`;
  return html`<tr><th scope="row"><code>${shorten(sourceWords(result, source), LONGEST)}</code></th><td class="seen">${shorten(
    observedWords(result, observed),
    LONGEST,
  )}</td>${hasWishes ? wish : null}</tr>`;
}

/** `line 41` for a place in the definition that the result is about, which is named already. */
export function sourceWords({ location, subject }: Result, source: string): string {
  const file = location?.file ?? subject;
  const line = file === null || !source.startsWith(`${file}:`) ? '' : source.slice(file.length + 1);
  return /^\d{1,9}$/.test(line) ? `line ${line}` : source;
}

/** `file:line:column`, and below it the line with what is meant marked. */
export function codeExcerpt(location: Location): Html {
  const { file, line, column, excerpt } = location;
  const place = html`<p class="place"><code>${shorten(file, LONGEST)}:${line}:${column}</code></p>`;
  if (excerpt === undefined) return place;
  const [before, marked, after] = excerptParts(excerpt);
  return html`${place}<pre class="excerpt"><code><span class="line">${line}</span>${before}<mark>${marked}</mark>${after}</code></pre>`;
}
