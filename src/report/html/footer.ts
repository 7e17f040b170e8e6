import { shellWord } from '../../remedy/shell-word.ts';
import type { Report } from '../model.ts';
import { suiteCommand } from '../suite-command.ts';
import { shorten } from '../wrap.ts';
import { html, type Html } from './markup.ts';
import { timeMark } from './time.ts';

/** What made the report, when, of what, and how to get it again. */
export function footer(report: Report): Html {
  const command = commandAgain(report);
  return html`<footer class="foot">
<p>Made by passcheck ${shorten(report.tool.version, 40)}${origin(report)}.</p>
${command === null ? null : html`<p>To get it again: <code>${command}</code></p>`}
<p>This file needs no network and no other file.</p>
</footer>`;
}

function origin(report: Report): Html | null {
  const time = timeMark(report);
  if (report.recorded !== true) return time === null ? null : html` on ${time}`;
  return time === null ? html` from a recorded host` : html` from a host recorded on ${time}`;
}

const KNOWN = new Set(['preflight', 'domain']);

/** The command line, with names for what the report does not hold; null where several reports made this one. */
function commandAgain({ suite, subject, recorded = false, strict = false, selection, phase }: Report): string | null {
  if (!KNOWN.has(suite)) return null;
  const what = suite === 'domain' ? [subject.domain === null ? 'FILE …' : shellWord(shorten(subject.domain, 200))] : [];
  const options = [
    ...(recorded ? ['--from RECORDING'] : []),
    ...(selection === undefined ? [] : ['--only …']),
    ...(strict ? ['--strict'] : []),
    ...(phase === undefined ? [] : [`--phase ${shellWord(shorten(phase.given ?? phase.id, 200))}`]),
  ];
  return ['passcheck', suiteCommand(suite), ...what, ...options, '--format html --out report.html'].join(' ');
}
