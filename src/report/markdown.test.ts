import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aReport, aResult, hostileReport, NO_GO_REPORT } from '../../test/report.ts';
import { escapeMarkdown, inlineCode } from './escape-markdown.ts';
import { renderMarkdown } from './markdown.ts';
import { CONTROL_CHARACTERS } from './sanitize.ts';

describe('the report as Markdown', () => {
  it('looks as it should', async () => {
    await expect(renderMarkdown(NO_GO_REPORT)).toMatchFileSnapshot('../../fixtures/reports/no-go.1.markdown');
  });

  it('has one heading for each finding, whatever the host holds', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const text = renderMarkdown(report);
        const found = report.results.filter(({ status }) => status === 'fail' || status === 'error').length;
        expect(text.split('\n').filter((line) => line.startsWith('### '))).toHaveLength(found);
        for (const line of text.split('\n')) expect(line.match(CONTROL_CHARACTERS)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('names the definition in its title, and says that the host was a recording', () => {
    const results = ['a.xml', 'b.xml'].map((subject) => aResult({ subject }));
    const about = { host: 'gaia', domain: null, summary: 'Debian 12 · GPU 0000:01:00.0 NVIDIA' };
    const report = aReport({ suite: 'domain', recorded: true, subject: about, results });
    expect(renderMarkdown(report)).toMatch(
      /^# passcheck lint 2 definitions: GO\n\n2 definitions · against gaia, as recorded · Debian 12\n/,
    );
    expect(renderMarkdown({ ...report, subject: { ...about, domain: 'a.xml' } })).toMatch(/^# passcheck lint a\.xml: GO\n/);
  });

  it('says first what a reader must know before all else', () => {
    const notice = 'Made up: <b>nothing</b> is measured.';
    expect(renderMarkdown(aReport({ notice }))).toMatch(/^# preflight: GO\n\n> Made up: \\<b\\>nothing\\<\/b\\> is measured\.\n\n/);
  });

  it('puts a command that holds a fence behind a longer one', () => {
    const run = 'echo "\n```\n<script>"';
    const failed = aResult({ status: 'fail', message: 'bad', remedy: { summary: 'Mend it', steps: [{ run }] } });
    expect(renderMarkdown(aReport({ results: [failed] }))).toContain('   ````\n   echo "\n   ```\n   <script>"\n   ````');
  });
});

describe('Markdown from a host', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
    ['[x](javascript:alert(1))', '\\[x\\](javascript:alert(1))'],
    ['a | b', 'a \\| b'],
    ['https://example.org', 'https&#58;//example.org'],
    ['@someone &copy;', '&#64;someone &amp;copy;'],
    ['1. item', '1\\. item'],
    ['- item', '\\- item'],
    ['# heading\n# heading', '\\# heading \\# heading'],
  ])('%j is text', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it('shows backticks within code', () => {
    expect(inlineCode('a`b')).toBe('`` a`b ``');
    expect(inlineCode('')).toBe('');
  });

  it('tells what a recording does not hold in one section, and leaves out a time that nobody recorded', () => {
    const evidence = [{ source: '/proc/x', observed: 'host.tar.bz2 does not hold it' }];
    const results = ['preflight/kvm/device', 'preflight/iommu/enabled'].map((id) => aResult({ id, status: 'error', evidence }));
    const text = renderMarkdown(aReport({ verdict: 'INCONCLUSIVE', recorded: true, startedAt: '1970-01-01T00:00:00.000Z', results }));
    expect(text).toContain('## Not in this recording: 2 checks\n\n- blockers: kvm/device, iommu/enabled\n');
    expect(text).not.toContain('1970');
    expect(text).not.toContain('Could not be looked at');
  });

  it('says which severities the configuration changes', () => {
    const severities = { 'preflight/iommu/enabled': 'info', 'preflight/kvm/device': 'minor' } as const;
    expect(renderMarkdown(aReport({ severities }))).toContain('changes the severity of 2 checks: iommu/enabled (info), kvm/device (minor)');
  });
});
