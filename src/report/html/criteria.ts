import { groupedBy } from '../../grouped.ts';
import type { Report, Result } from '../model.ts';
import type { JudgedCriterion } from '../phase-model.ts';
import { criteriaByGroup, isCommand, progressWords, STATE_MARKS, STATE_WORDS, textPieces, waitingWords } from '../phase-progress.ts';
import { shorten } from '../wrap.ts';
import { resultAnchors } from './anchors.ts';
import { progressBar } from './criteria-progress.ts';
import { html, type Html } from './markup.ts';
import { environmentAnchor, machineAnchor, measurementAnchor } from './part-anchors.ts';
import type { Section } from './section.ts';

const LONGEST = 600;
const MOST_DECIDERS = 8;

/** What the phase asks for, story by story: what is met, what is not, what decided it, and what to do next. */
export function criteriaSection(report: Report): Section | null {
  const { phase } = report;
  if (phase === undefined) return null;
  const number = new Map(phase.criteria.map((criterion, index) => [criterion, index + 1]));
  const link = linksIn(report);
  const groups = [...criteriaByGroup(phase)].map(([group, criteria]) => {
    const met = criteria.filter(({ state }) => state === 'met').length;
    return html`<h3>${shorten(group, LONGEST)} <span class="count">${met} of ${criteria.length} met</span></h3>
<ul class="criteria">${criteria.map((criterion) => item(criterion, number.get(criterion) ?? 0, link))}</ul>
`;
  });
  const waiting = waitingWords(phase);
  const body = html`<p class="lead">From ${shorten(phase.source, LONGEST)}. The phase is GO when every criterion is met.</p>
<p class="progress-words">${progressWords(phase)}</p>
${
  waiting === null
    ? null
    : html`<p class="waiting">${waiting}</p>
`
}${progressBar(phase)}${groups}${documents(phase.documents)}`;
  return { id: 'phase', title: shorten(phase.title, 120), count: phase.criteria.length, body };
}

type Link = (by: string) => Html;

function item(criterion: JudgedCriterion, number: number, link: Link): Html {
  const { state, text, message, by } = criterion;
  const hidden = by.length - MOST_DECIDERS;
  const deciders =
    by.length === 0
      ? null
      : html`<p class="by">Decided by ${by.slice(0, MOST_DECIDERS).map((one, index) => html`${index === 0 ? '' : ', '}${link(one)}`)}${hidden > 0 ? ` and ${hidden} more` : ''}</p>`;
  return html`<li id="criterion-${number}" class="criterion ${state}"><span class="state"><span aria-hidden="true">${STATE_MARKS[state]}</span> ${STATE_WORDS[state]}</span><div>
<p class="words">${inWords(text)}</p>
<p class="known">${inWords(shorten(message, LONGEST))}</p>
${nextStep(criterion)}${deciders}</div></li>
`;
}

function nextStep(criterion: JudgedCriterion): Html | null {
  const { next } = criterion;
  if (next === null) return consequence(criterion);
  const words = shorten(next, LONGEST);
  return html`<p class="next-step">${isCommand(next) ? html`<b>Next</b> <code>${words}</code>` : html`<b>Next</b> ${words}`}</p>
`;
}

/** What follows from a failure that no step mends. */
function consequence({ state, by }: JudgedCriterion): Html | null {
  if (state !== 'failed' || !by.some((one) => one.startsWith('environment/'))) return null;
  return html`<p class="next-step">This machine is installed differently from what the phase asks for. Where that is meant, a phase file of your own can leave the criterion out (docs/phases.md).</p>
`;
}

function inWords(text: string): Html[] {
  return textPieces(shorten(text, LONGEST)).map((piece) => (piece.isCode ? html`<code>${piece.text}</code>` : html`${piece.text}`));
}

/** Where the page shows what decided a criterion. */
function linksIn(report: Report): Link {
  const anchors = resultAnchors(report);
  const byId = groupedBy(report.results, ({ id }) => id);
  const placeOf = new Map([...byId].map(([id, results]) => [id, placeOfWorst(results, anchors)]));
  return (by) => {
    const anchor = placeOf.get(by) ?? partAnchor(by, report);
    const name = partName(by) ?? html`<code>${shorten(by, 200)}</code>`;
    return anchor === undefined ? name : html`<a href="#${anchor}">${name}</a>`;
  };
}

/** That of the first result that is not good, else of the first. */
function placeOfWorst(results: readonly Result[], anchors: ReadonlyMap<Result, string>): string | undefined {
  const worst = results.find(({ status }) => status === 'fail') ?? results.find(({ status }) => status === 'error') ?? results[0];
  return worst === undefined ? undefined : anchors.get(worst);
}

/** Machine and environment have names of their own; checks and measurements their ids. */
function partName(by: string): Html | null {
  if (by.startsWith('machine/')) return html`the machine (${shorten(by.slice('machine/'.length).replaceAll('-', ' '), 200)})`;
  return by.startsWith('environment/') ? html`the environment (${shorten(by.slice('environment/'.length), 200)})` : null;
}

function partAnchor(by: string, { machine, measurements }: Report): string | undefined {
  if (machine !== undefined && by.startsWith('machine/')) return machineAnchor(by.slice('machine/'.length), machine);
  if (machine !== undefined && by.startsWith('environment/')) {
    const row = machine.environment.findIndex(({ name }) => `environment/${name}` === by);
    return row === -1 ? 'environment' : environmentAnchor(row);
  }
  const measured = measurements.findIndex(({ id }) => id === by);
  return measured === -1 ? undefined : measurementAnchor(measured);
}

function documents(files: NonNullable<Report['phase']>['documents']): Html | null {
  if (files.length === 0) return null;
  return html`<h3>Documents of the phase</h3>
<p class="lead">What belongs to it when it is signed off.</p>
<dl class="documents">${files.map(({ file, contents }) => html`<div><dt><code>${shorten(file, 200)}</code></dt><dd>${shorten(contents, LONGEST)}</dd></div>`)}</dl>
`;
}
