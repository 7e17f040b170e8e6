import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { scenarios } from '../ci/virtual-host/scenarios.ts';
import { userConfig } from '../src/cli/config.ts';
import { openSource } from '../src/cli/host.ts';
import { runChecks } from '../src/engine/run.ts';
import { EXIT_CODES } from '../src/engine/verdict.ts';
import { renderJson } from '../src/report/json.ts';
import { renderJunit } from '../src/report/junit.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import type { Report } from '../src/report/model.ts';
import { renderTerminal } from '../src/report/terminal.ts';
import { preflightChecks } from '../suites/preflight.ts';

const ROOT = resolve(import.meta.dirname, '..');
const HOSTS = join(ROOT, 'fixtures/hosts');

const RENDERERS: Readonly<Record<string, (report: Report) => string>> = {
  json: renderJson,
  junit: renderJunit,
  markdown: renderMarkdown,
  terminal: (report) => renderTerminal(report, { colour: false }),
};

async function judgeRecorded(name: string): Promise<Report> {
  const { host, clock, recordedConfig } = await openSource(join(HOSTS, name));
  const config = await userConfig({ path: undefined, isRecorded: true, recordedConfig });
  return runChecks({ suite: 'preflight', checks: preflightChecks, host, clock, context: { config }, version: '0.0.0' });
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
      const report = await judgeRecorded(name);
      const again = await judgeRecorded(name);
      for (const [format, render] of Object.entries(RENDERERS)) {
        expect(render(again)).toBe(render(report));
        await expect(render(report)).toMatchFileSnapshot(join(ROOT, 'fixtures/reports', `${name}.${EXIT_CODES[report.verdict]}.${format}`));
      }
    });
  }

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
