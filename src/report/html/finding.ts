import { besideFrame } from '../code-frame.ts';
import type { Result } from '../model.ts';
import { ownMessage } from '../not-recorded.ts';
import { shorten } from '../wrap.ts';
import { codeExcerpt, evidenceTable } from './evidence.ts';
import { fix } from './fix.ts';
import { grade } from './grade.ts';
import { html, type Html } from './markup.ts';

/** One finding with its evidence and its fix. What decides most is open; the rest opens with a click, or when printed. */
export function finding(result: Result, anchor: string, theSubject: string | null): Html {
  const { id, subject, severity, status } = result;
  const isOpen = severity === 'blocker' || severity === 'major';
  const about = subject === null || subject === theSubject ? null : html` <span class="about">${shorten(subject, 200)}</span>`;
  return html`<article class="finding ${status === 'fail' ? severity : 'open'}" id="${anchor}" data-status="${status}" data-severity="${severity}">
<details${isOpen ? html` open` : null}><summary>${grade(result)}<h4>${shorten(heading(result), 800)}</h4><p class="id"><code>${id}</code>${about}</p></summary>
<dl>${rows(result).map(([name, body]) => html`<div><dt>${name}</dt><dd>${body}</dd></div>`)}</dl></details>
</article>
`;
}

/** What is wrong; of what could not be looked at, what is not known. */
function heading(result: Result): string {
  return result.status === 'fail' ? (result.message ?? result.title) : result.title;
}

function rows(result: Result): (readonly [string, Html])[] {
  const { status, title, message, why, location, remedy } = result;
  const isFailure = status === 'fail';
  const said = isFailure ? null : ownMessage(result);
  const evidence = evidenceTable(result);
  const { expected } = besideFrame(result);
  return [
    ...(isFailure && message !== null ? [['Wanted', html`<p>${shorten(title, 800)}</p>`] as const] : []),
    ...(said === null ? [] : [['Because', html`<p>${shorten(said, 800)}</p>`] as const]),
    ...(why === undefined || why === '' ? [] : [['Why it matters', html`<p>${shorten(why, 800)}</p>`] as const]),
    ...(location === undefined ? [] : [['Line', codeExcerpt(location)] as const]),
    ...(expected === null ? [] : [['Expected', html`<p class="wish">${shorten(expected, 2000)}</p>`] as const]),
    ...(evidence === null ? [] : [['Evidence', evidence] as const]),
    ...(remedy === null ? [] : [[isFailure ? 'Fix' : 'Try', fixOf(result, remedy)] as const]),
  ];
}

function fixOf({ status, edits }: Result, remedy: NonNullable<Result['remedy']>): Html {
  const mends = status === 'fail' && edits !== undefined;
  return html`${fix(remedy)}${mends ? html`<p class="muted"><code>passcheck lint --fix</code> does it.</p>` : null}`;
}
