import { shellWord } from '../../remedy/shell-word.ts';
import type { Report } from '../model.ts';
import { suiteCommand } from '../suite-command.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';
import { timeMark } from './time.ts';

/** What made the report, when, of what, and how to get it again. */
export function footer(report: Report): Html {
  const again = howAgain(report);
  return html`<footer class="foot">
<p>Made by passcheck ${shorten(report.tool.version, 40)}${origin(report)}.</p>
${again === null ? null : html`<p>${again}</p>`}
<p>This file needs no network and no other file.</p>
</footer>`;
}

function origin(report: Report): Html | null {
  const time = timeMark(report);
  if (report.recorded !== true) return time === null ? null : html` on ${time}`;
  return time === null ? html` from a recorded host` : html` from a host recorded on ${time}`;
}

const KNOWN = new Set(['preflight', 'domain']);

/** A command only where the report knows all of it: nobody has the files of whoever made it. */
function howAgain(report: Report): Html | null {
  const { suite, recorded = false, selection, subject, strict = false, phase } = report;
  const parts = suite.split(' + ');
  if (!parts.every((part) => KNOWN.has(part))) return null;
  const commands = parts.map((part) => html`<code>passcheck ${suiteCommand(part)}</code>`);
  if (parts.length > 1)
    return html`Put together from reports of ${commands.map((command, index) => html`${index === 0 ? '' : ' and '}${command}`)}, which are not in this file.`;
  const isUnknown = recorded || selection !== undefined || (suite === 'domain' && subject.domain === null) || isOwnPhase(phase);
  if (isUnknown) return html`Judged by ${commands}${recorded ? ' from a recording, which is not in this file' : ''}.`;
  const words = [
    ...(subject.domain === null || suite !== 'domain' ? [] : [shellWord(shorten(subject.domain, 200))]),
    ...(phase === undefined ? [] : [`--phase ${shellWord(shorten(phase.id, 100))}`]),
    ...(strict ? ['--strict'] : []),
    '--format html --out report.html',
  ];
  return html`To get it again: <code>passcheck ${suiteCommand(suite)} ${words.join(' ')}</code>`;
}

/** It came from a file. */
function isOwnPhase(phase: Report['phase']): boolean {
  return phase?.given !== undefined && phase.given !== phase.id;
}
