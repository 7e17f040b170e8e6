import type { Report } from '../model.ts';
import { SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from './assets.ts';
import { html, type Html, trusted } from './markup.ts';
import type { Section } from './section.ts';

/** The whole document. Nothing is loaded, and only the style and the scripts that were built with passcheck are obeyed. */
export function page(report: Report, top: Html, sections: readonly Section[]): string {
  const title = `${report.verdict} · ${report.subject.host ?? report.subject.domain ?? report.suite} · passcheck`;
  const policy = `default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="passcheck ${report.tool.version}">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${top}
<nav aria-label="Contents"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${sections.map(
  ({ id, title: name, body }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${name}</h2>
${body}
</section>
`,
)}</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.markup;
}
