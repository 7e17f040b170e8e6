import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aReport, aResult, hostileReport, LINT_REPORT } from '../../test/report.ts';
import { renderGithub } from './github.ts';

describe('the report as GitHub annotations', () => {
  it('looks as it should', async () => {
    await expect(renderGithub(LINT_REPORT)).toMatchFileSnapshot('../../fixtures/reports/lint.1.github');
  });

  it('escapes what would end a property or a command', () => {
    const failed = aResult({ id: 'a', status: 'fail', message: '100%\nnext', location: { file: 'a,b:c.xml', line: 2, column: 3 } });
    const [first] = renderGithub(aReport({ results: [failed] })).split('\n');
    expect(first).toBe('::error file=a%2Cb%3Ac.xml,line=2,col=3,title=a::100%25%0Anext');
  });

  it('tells in one notice, after the findings, what a recording does not show', () => {
    const unseen = ['domain/pci/a', 'domain/pci/b'].map((id) => aResult({ id, status: 'error', message: 'could not look' }));
    const failed = aResult({ id: 'domain/cpu/c', severity: 'major', status: 'fail', message: 'bad' });
    expect(renderGithub(aReport({ suite: 'domain', recorded: true, results: [...unseen, failed] })).split('\n')).toEqual([
      '::warning title=domain/cpu/c::bad',
      '::notice title=passcheck::not seen in the recording: what pci/a, pci/b need',
      '::notice title=passcheck::domain: GO',
      '',
    ]);
  });

  it.each([
    ['of several lines without columns', { file: './a.xml', line: 2, column: 3, endLine: 4, endColumn: 5 }, 'file=a.xml,line=2,endLine=4,'],
    ['of one line', { file: 'a.xml', line: 2, column: 3, endLine: 2, endColumn: 5 }, 'file=a.xml,line=2,col=3,endLine=2,endColumn=5,'],
    ['of standard input, which no repository has', { file: '<stdin>', line: 2, column: 3 }, ''],
  ])('names a place %s', (_name, location, properties) => {
    const failed = aResult({ id: 'a', status: 'fail', message: 'bad', location });
    expect(renderGithub(aReport({ results: [failed] })).split('\n')[0]).toBe(`::error ${properties}title=a::bad`);
  });

  it('is one command for each finding, whatever the host holds', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const found = report.results.filter(({ status }) => status === 'fail' || status === 'error').length;
        const lines = renderGithub(report)
          .trimEnd()
          .split(/[\r\n\u2028]/);
        expect(lines).toHaveLength(found + 1);
        for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) [^:]*::/);
      }),
      { numRuns: 200 },
    );
  });
});
