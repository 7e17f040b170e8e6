import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { madeUp } from '../../../test/measurements.ts';
import { aReport, NO_GO_REPORT } from '../../../test/report.ts';
import { elementsOf, type HtmlElement, parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Report } from '../model.ts';
import { html } from './markup.ts';
import { page } from './page.ts';
import type { Section } from './section.ts';

const SECTIONS: readonly Section[] = [
  { id: 'findings', title: 'Findings', count: 3, body: html`<p>three</p>` },
  { id: 'pictures', title: 'Pictures', body: html`<p>many</p>` },
];

function elements(report: Report, sections: readonly Section[] = SECTIONS): HtmlElement[] {
  return elementsOf(parseStrictly(page(report, html`<section id="verdict"></section>`, sections)));
}

function named(report: Report, name: string, sections?: readonly Section[]): HtmlElement[] {
  return elements(report, sections).filter((element) => element.name === name);
}

function textIn(report: Report, name: string): string {
  return named(report, name)
    .map((element) => textOf(element))
    .join(' ');
}

function policyOf(report: Report, sections?: readonly Section[]): string {
  const meta = named(report, 'meta', sections).find(({ attributes }) => attributes.has('http-equiv'));
  return meta?.attributes.get('content')?.replaceAll('&#39;', "'") ?? '';
}

function hashes(report: Report, name: string, sections?: readonly Section[]): string[] {
  return named(report, name, sections).map(({ children: [text] }) => {
    if (typeof text !== 'string') throw new Error(`<${name}> holds no text`);
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  });
}

/** What the root of the page says. */
function root(report: Report): ReadonlyMap<string, string> | undefined {
  return named(report, 'html')[0]?.attributes;
}

const CHARTS: readonly Section[] = [{ id: 'charts', title: 'Charts', hasCharts: true, body: html`<canvas></canvas>` }];

describe('the page of the HTML report', () => {
  it('obeys the style and the script that it brings, and nothing else', () => {
    expect(policyOf(NO_GO_REPORT)).toBe(
      `default-src 'none'; style-src ${hashes(NO_GO_REPORT, 'style').join(' ')}; script-src ${hashes(NO_GO_REPORT, 'script').join(' ')}; base-uri 'none'; form-action 'none'`,
    );
  });

  it('brings the script that draws charts only where there are charts', () => {
    expect(hashes(NO_GO_REPORT, 'script')).toHaveLength(1);
    const own = hashes(NO_GO_REPORT, 'script', CHARTS);
    expect(own).toHaveLength(2);
    expect(policyOf(NO_GO_REPORT, CHARTS)).toContain(`script-src ${own.join(' ')};`);
  });

  it('loads nothing', () => {
    const loading = elements(NO_GO_REPORT).filter(
      ({ attributes }) => attributes.has('src') || attributes.get('href')?.startsWith('#') === false,
    );
    expect(loading).toEqual([]);
  });

  it('has each landmark once, and a link that skips to the verdict first', () => {
    for (const name of ['header', 'nav', 'main', 'footer']) expect(named(NO_GO_REPORT, name)).toHaveLength(1);
    expect(named(NO_GO_REPORT, 'a')[0]?.attributes.get('href')).toBe('#verdict');
  });

  it('lists its parts with how much is in them', () => {
    expect(textIn(NO_GO_REPORT, 'li')).toBe('Verdict Findings 3 Pictures');
    const links = named(NO_GO_REPORT, 'a').map(({ attributes }) => attributes.get('href'));
    expect(links).toEqual(['#verdict', '#verdict', '#findings', '#pictures']);
  });

  it('names each part by its heading', () => {
    const [, findings] = named(NO_GO_REPORT, 'section');
    expect(findings?.attributes.get('aria-labelledby')).toBe('findings-title');
    expect(named(NO_GO_REPORT, 'h2').map(({ attributes }) => attributes.get('id'))).toContain('findings-title');
  });

  it('says in its title how it ended, and of what', () => {
    expect(textIn(NO_GO_REPORT, 'title')).toBe('NO-GO · gaia · passcheck');
  });

  it('says when the host was looked at', () => {
    expect(textIn(NO_GO_REPORT, 'header')).toContain('2026-11-20 09:00 UTC');
    expect(textIn(NO_GO_REPORT, 'footer')).toContain('Made by passcheck 0.1.0 on 2026-11-20 09:00 UTC.');
  });

  it('says of a recording that it is one', () => {
    const report = aReport({ recorded: true });
    expect(textIn(report, 'header')).toContain('Recorded host');
    expect(textIn(report, 'footer')).toContain('from a host recorded on 2026-11-20 09:00 UTC.');
  });

  it('says no time where nobody knows it', () => {
    const report = aReport({ recorded: true, startedAt: '1970-01-01T00:00:00.000Z' });
    expect(named(report, 'time')).toEqual([]);
    expect(textIn(report, 'footer')).toContain('Made by passcheck 0.1.0 from a recorded host.');
  });

  it('tells every sheet what it belongs to, and what a reader must know', () => {
    expect(root(NO_GO_REPORT)?.get('data-line')).toBe('NO-GO · gaia · 2026-11-20 09:00 UTC · passcheck 0.1.0');
    expect(root(NO_GO_REPORT)?.get('data-notice')).toBe('');
    const made = aReport({ recorded: true, notice: 'Demonstration: nothing here is about your machine.' });
    expect(root(made)?.get('data-line')).toBe('GO · gaia · recorded 2026-11-20 09:00 UTC · passcheck 0.1.0');
    expect(root(made)?.get('data-notice')).toBe('Demonstration');
    expect(root(aReport({ measurements: madeUp('latency') }))?.get('data-notice')).toBe('With synthetic measurements');
  });

  it('shows a time that it cannot read as it is', () => {
    expect(textIn(aReport({ startedAt: 'yesterday' }), 'header')).toContain('yesterday');
    expect(named(aReport({ startedAt: 'yesterday' }), 'time')).toEqual([]);
  });
});

describe('how to get the report again', () => {
  it('is a command line with what the report knows of the first one', () => {
    expect(textIn(aReport({ strict: true }), 'footer')).toContain(
      'To get it again: passcheck preflight --strict --format html --out report.html',
    );
  });

  it('quotes the name of a definition for a shell', () => {
    const report = aReport({ suite: 'domain', subject: { host: null, domain: "a b'; rm -rf x.xml" } });
    expect(textIn(report, 'footer')).toContain(String.raw`passcheck lint 'a b'\''; rm -rf x.xml' --format html`);
  });

  it('names no file that only whoever made it has', () => {
    const recorded = textIn(aReport({ recorded: true }), 'footer');
    expect(recorded).toContain('Judged by passcheck preflight from a recording, which is not in this file.');
    expect(textIn(aReport({ selection: { checks: 3, of: 54 } }), 'footer')).toContain('Judged by passcheck preflight.');
    const phase = { id: 'lab', title: 'Lab', given: './lab.yaml', source: 'S', verdict: 'GO', criteria: [], documents: [] } as const;
    expect(textIn(aReport({ phase: { ...phase, criteria: [], documents: [] } }), 'footer')).toContain('Judged by passcheck preflight.');
  });

  it('is told of reports that were put together', () => {
    expect(textIn(aReport({ suite: 'preflight + domain', strict: true }), 'footer')).toContain(
      'Put together from reports of passcheck preflight and passcheck lint, which are not in this file.',
    );
    expect(textIn(aReport({ suite: 'preflight + domain' }), 'header')).toContain('Preflight and lint of gaia');
  });

  it('is not told of a report that no single command makes', () => {
    expect(textIn(aReport({ suite: 'rm -rf /' }), 'footer')).not.toContain('get it again');
  });
});
