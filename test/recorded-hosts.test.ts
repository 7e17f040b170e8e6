import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { scenarios } from '../ci/virtual-host/scenarios.ts';
import { EXIT_CODES } from '../src/engine/verdict.ts';
import { renderGithub } from '../src/report/github.ts';
import * as assets from '../src/report/html/assets.ts';
import { renderHtml } from '../src/report/html/html-report.ts';
import { renderJson } from '../src/report/json.ts';
import { renderJunit } from '../src/report/junit.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import type { Report } from '../src/report/model.ts';
import { renderSarif } from '../src/report/sarif.ts';
import { renderTerminal } from '../src/report/terminal.ts';
import { judgeRecorded } from './recorded.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const HOSTS = join(FIXTURES, 'hosts');
const REPORTS = join(FIXTURES, 'reports');

/** Each format as the command line prints it; JSON, Markdown and HTML show the machine, too. */
const FORMATS: Readonly<Record<string, { readonly withMachine?: true; readonly render: (report: Report) => string }>> = {
  terminal: { render: (report) => renderTerminal(report, { colour: false }) },
  json: { withMachine: true, render: renderJson },
  junit: { render: renderJunit },
  sarif: { render: renderSarif },
  github: { render: renderGithub },
  markdown: { withMachine: true, render: renderMarkdown },
  html: { withMachine: true, render: (report) => withoutAssets(renderHtml(report)) },
};

/** The style and the scripts are reviewed where they are written, and would bury the rest of a page. */
function withoutAssets(page: string): string {
  return Object.entries(assets).reduce((text, [name, asset]) => text.replaceAll(asset, `{${name}}`), page);
}

function decisive(report: Report, status: string): string[] {
  const results = report.results.filter((result) => result.status === status && ['blocker', 'major'].includes(result.severity));
  return [...new Set(results.map(({ id }) => id))];
}

describe('the recorded hosts', () => {
  it('are those of the virtual passthrough host', () => {
    const recorded = readdirSync(HOSTS).filter((name) => existsSync(join(HOSTS, name, 'passcheck-snapshot.json')));
    expect(recorded.toSorted()).toEqual(scenarios.map(({ name }) => name).toSorted());
  });

  for (const { name, title, expected } of scenarios) {
    it(`${name}: ${title}`, async () => {
      const report = await judgeRecorded(name);
      expect({
        verdict: report.verdict,
        failing: decisive(report, 'fail').toSorted(),
        errors: decisive(report, 'error').toSorted(),
      }).toEqual({
        verdict: expected.verdict,
        failing: expected.failing.toSorted(),
        errors: (expected.errors ?? []).toSorted(),
      });
    });

    it(`${name} gives the golden report in every format, twice the same`, async () => {
      for (const [format, { withMachine = false, render }] of Object.entries(FORMATS)) {
        const report = await judgeRecorded(name, { withMachine });
        const text = render(report);
        expect(render(await judgeRecorded(name, { withMachine }))).toBe(text);
        await expect(text).toMatchFileSnapshot(join(REPORTS, `${name}.${EXIT_CODES[report.verdict]}.${format}`));
      }
    });
  }

  it('have no golden report of a host or verdict that is no more', async () => {
    const named = await Promise.all(
      scenarios.map(async ({ name }) => {
        const code = EXIT_CODES[(await judgeRecorded(name)).verdict];
        return Object.keys(FORMATS).map((format) => `${name}.${code}.${format}`);
      }),
    );
    const stored = readdirSync(REPORTS).filter((file) => scenarios.some(({ name }) => file.startsWith(`${name}.`)));
    expect(stored.toSorted()).toEqual(named.flat().toSorted());
  });

  it('hold nothing of the machine that recorded them', () => {
    const traces = [process.cwd(), process.env['HOME'] === '/root' ? '/root/.cache' : (process.env['HOME'] ?? '/home/'), 'VagrantPass'];
    for (const trace of traces) expect(filesNaming(trace), trace).toBe('');
  });
});

function filesNaming(text: string): string {
  try {
    return execFileSync('grep', ['-rlF', '-m', '1', '--', text, HOSTS], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
