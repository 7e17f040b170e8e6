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

/** The command line, with names for what the report does not hold; null for a suite that no command judges. */
function commandAgain(report: Report): string | null {
  const { suite, phase } = report;
  const parts = suite.split(' + ');
  if (!parts.every((part) => KNOWN.has(part))) return null;
  const made = parts.length === 1 ? judgingWords(report) : ['report', 'REPORT.json …'];
  const options = phase === undefined ? [] : [`--phase ${shellWord(shorten(phase.id, 100))}`];
  return ['passcheck', ...made, ...options, '--format html --out report.html'].join(' ');
}

function judgingWords({ suite, subject, recorded = false, strict = false, selection }: Report): string[] {
  return [
    suiteCommand(suite),
    ...(suite === 'domain' ? [subject.domain === null ? 'FILE …' : shellWord(shorten(subject.domain, 200))] : []),
    ...(recorded ? ['--from RECORDING'] : []),
    ...(selection === undefined ? [] : ['--only …']),
    ...(strict ? ['--strict'] : []),
  ];
}
