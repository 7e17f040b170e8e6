import type { Report, Result, Verdict } from '../model.ts';
import { sift } from '../not-recorded.ts';
import { findings, withStatus } from '../order.ts';
import { withoutPhase } from '../phase-next.ts';
import { STATE_WORDS, stateCounts, STATES } from '../phase-progress.ts';
import { NOT_RECORDED_ANCHOR } from './anchors.ts';
import { groupAnchor } from './findings.ts';
import { html, type Html } from './markup.ts';
import { resultsAnchor } from './others.ts';

interface Tile {
  readonly count: number;
  readonly words: string;
  readonly anchor: string;
  /** Its colour: a severity, or a state. */
  readonly kind: string;
}

/** How many checks ended how, each with a link to them; beside a phase, with the verdict that they alone would give. */
export function tiles(report: Report): Html {
  const list = [...failureTiles(report), ...unseenTiles(report), ...otherTiles(report)];
  return tileList('Checks', report.phase === undefined ? null : withoutPhase(report).verdict, list);
}

/** The verdict of the phase, and how many of its criteria are in which state; null without a phase. */
export function criteriaTiles({ phase }: Report, anchor: string): Html | null {
  if (phase === undefined) return null;
  const counts = stateCounts(phase);
  const kinds = { failed: 'blocker', 'could-not-look': 'open', 'not-measured': 'open', met: 'pass' } as const;
  const words = {
    ...STATE_WORDS,
    met: counts.met === 1 ? 'criterion met' : 'criteria met',
    'could-not-look': counts['could-not-look'] === 1 ? 'criterion could not be looked at' : 'criteria could not be looked at',
  };
  const list = STATES.map((state) => tile(counts[state], words[state], anchor, kinds[state]));
  return tileList('Phase', phase.verdict, list);
}

function tileList(name: string, verdict: Verdict | null, all: readonly Tile[]): Html {
  const own = verdict === null ? null : html` <b class="sign-${verdict.toLowerCase()}">${verdict}</b>`;
  return html`<div class="counts${verdict === null ? '' : ' with-verdict'}"><p id="counts-${name.toLowerCase()}">${name}${own}</p><ul aria-labelledby="counts-${name.toLowerCase()}">${all.map(
    ({ count, words, anchor, kind }) =>
      html`<li class="tile-${count === 0 ? 'none' : kind}">${
        count === 0 ? html`<span><b>0</b> ${words}</span>` : html`<a href="#${anchor}"><b>${count}</b> ${words}</a>`
      }</li>`,
  )}</ul></div>
`;
}

/** That there is no blocker is worth a tile; that there is nothing to say is not. */
function failureTiles(report: Report): Tile[] {
  const failed = withStatus(report, 'fail');
  const count = (wanted: Result['severity']): number => failed.filter(({ severity }) => severity === wanted).length;
  const blockers = count('blocker');
  const rest = (['major', 'minor', 'info'] as const).map((severity) => tile(count(severity), severity, groupAnchor(severity), severity));
  return [tile(blockers, blockers === 1 ? 'blocker' : 'blockers', groupAnchor('blocker'), 'blocker'), ...present(rest)];
}

function unseenTiles(report: Report): Tile[] {
  const { own, notRecorded } = sift(report, findings(report));
  const unseen = own.filter(({ status }) => status === 'error').length;
  const missing = new Set(notRecorded.map(({ id }) => id)).size;
  return present([
    tile(unseen, unseen === 1 ? 'check could not look' : 'checks could not look', 'unseen', 'open'),
    tile(missing, 'not in this recording', NOT_RECORDED_ANCHOR, 'open'),
  ]);
}

function otherTiles(report: Report): Tile[] {
  const count = (status: Result['status']): number => withStatus(report, status).length;
  return present([
    tile(count('pass'), 'passed', resultsAnchor('pass'), 'pass'),
    tile(count('not-applicable'), 'not applicable', resultsAnchor('not-applicable'), 'plain'),
    tile(count('skipped'), 'skipped', resultsAnchor('skipped'), 'open'),
  ]);
}

function tile(count: number, words: string, anchor: string, kind: string): Tile {
  return { count, words, anchor, kind };
}

function present(all: readonly Tile[]): Tile[] {
  return all.filter(({ count }) => count > 0);
}
