import type { Report, Result } from '../model.ts';
import { waitingWords } from '../phase-progress.ts';
import { shorten } from '../wrap.ts';
import { about } from './about.ts';
import { resultAnchors } from './anchors.ts';
import { type Blocking, blocking } from './blocking.ts';
import { PHASE_ANCHOR } from './decisive-criteria.ts';
import { firstStep } from './first-step.ts';
import { hints, limits } from './limits.ts';
import { html, type Html } from './markup.ts';
import { sign } from './sign.ts';
import { criteriaTiles, tiles } from './tiles.ts';
import { meaning } from './verdict-words.ts';

/** The first screen: the verdict, what it is about, what blocks and what to do first. */
export function verdictSection(report: Report): Html {
  const { verdict, notice } = report;
  return html`<section id="verdict" class="verdict verdict-${verdict.toLowerCase()}" aria-labelledby="verdict-title">
${
  notice === undefined
    ? null
    : html`<p class="notice">${shorten(notice, 1000)}</p>
`
}<div class="verdict-head">${sign(verdict)}<div><h1 id="verdict-title">${verdict}</h1><p class="meaning">${meaning(report)}</p></div></div>
${about(report)}
${tiles(report)}${criteriaTiles(report, PHASE_ANCHOR)}${rule(report)}
${next(report)}${limitList(report)}</section>
`;
}

/** How the two verdicts make the one, and what the open criteria wait for. */
function rule({ phase, strict = false }: Report): Html | null {
  if (phase === undefined) return null;
  const decisive = strict ? 'blocker or major finding' : 'blocker';
  const waiting = waitingWords(phase);
  return html`<p class="rule">The verdict is the worse of the two: NO-GO while a ${decisive} or a criterion fails, GO when every criterion is met and nothing that decides failed or is unknown.${waiting === null ? null : ` ${waiting}`}</p>
`;
}

/** What decides the verdict, and beside it how to begin. */
function next(report: Report): Html | null {
  const anchors = resultAnchors(report);
  const found = blocking(report, anchors);
  if (found === null) return null;
  const { heading, list } = found;
  const begin = beginning(report, found, anchors);
  const first =
    begin === null
      ? null
      : html`<div class="first"><h2>What to do first</h2>${begin}${hints(report).map((words) => html`<p class="muted">${words}</p>`)}</div>`;
  return html`<div class="next"><div class="blocks"><h2>${heading}</h2>${list}</div>${first}</div>
`;
}

function beginning(report: Report, { first, advice, others }: Blocking, anchors: ReadonlyMap<Result, string>): Html | null {
  if (first !== null) return firstStep(report, first, { anchor: anchors.get(first) ?? '', others });
  return advice === null ? null : html`<p>${shorten(advice, 400)}</p>`;
}

function limitList(report: Report): Html | null {
  const items = limits(report);
  if (items.length === 0) return null;
  return html`<div class="limits"><h2>What the verdict rests on</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></div>
`;
}
