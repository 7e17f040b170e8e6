import type { Report } from '../model.ts';
import { shorten } from '../wrap.ts';
import { CHART_SCRIPT, CHART_SCRIPT_HASH, SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from './assets.ts';
import { footer } from './footer.ts';
import { html, type Html, trusted } from './markup.ts';
import { runningLine } from './running-line.ts';
import type { Section } from './section.ts';
import { subjectName, suiteWords } from './subject-words.ts';
import { timeMark } from './time.ts';

/** The whole document. Nothing is loaded, and only the style and the scripts that were built with passcheck are obeyed. */
export function page(report: Report, top: Html, sections: readonly Section[]): string {
  const hasCharts = sections.some((section) => section.hasCharts === true);
  return html`<!doctype html>
<html lang="en"${runningLine(report)}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(hasCharts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="passcheck ${shorten(report.tool.version, 40)}">
<title>${title(report)}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
${banner(report)}
<div class="layout">
${contents(sections)}
<main>
${top}
${sections.map((section) => part(section))}</main>
</div>
${footer(report)}
<script>${trusted(SCRIPT)}</script>
${hasCharts ? html`<script>${trusted(CHART_SCRIPT)}</script>\n` : null}</body>
</html>
`.markup;
}

/** The hash of a style or script is that of the text between its tags, to the byte. */
function policy(hasCharts: boolean): string {
  const scripts = [SCRIPT_HASH, ...(hasCharts ? [CHART_SCRIPT_HASH] : [])].map((hash) => `'${hash}'`);
  return `default-src 'none'; style-src '${STYLE_HASH}'; script-src ${scripts.join(' ')}; base-uri 'none'; form-action 'none'`;
}

function title(report: Report): string {
  const name = subjectName(report);
  return [report.verdict, ...(name === '' ? [] : [name]), 'passcheck'].join(' · ');
}

/** What kind of report this is, of what, and when. */
function banner(report: Report): Html {
  const name = subjectName(report);
  const time = timeMark(report);
  return html`<header class="banner">
<p class="brand">passcheck</p>
<p class="of"><span>${suiteWords(report)}</span>${name === '' ? null : html` <b>${name}</b>`}</p>
${time === null ? null : html`<p class="when">${time}</p>`}
${report.recorded === true ? html`<p class="tag">Recorded host</p>` : null}
</header>`;
}

/** Open unless the script folds it away where there is little room. */
function contents(sections: readonly Section[]): Html {
  const items = [{ id: 'verdict', title: 'Verdict' }, ...sections].map(({ id, title: name, ...section }) => {
    const count = 'count' in section && section.count !== undefined ? html` <span class="count">${section.count}</span>` : null;
    return html`<li><a href="#${id}">${name}${count}</a></li>`;
  });
  return html`<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ul>${items}</ul></details></nav>`;
}

function part({ id, title: name, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${name}</h2>
${body}
</section>
`;
}
