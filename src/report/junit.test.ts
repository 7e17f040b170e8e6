import * as fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';

import { aReport, aResult, hostileReport, NO_GO_REPORT } from '../../test/report.ts';
import { renderJunit } from './junit.ts';
import type { Report } from './model.ts';

/** How often each element occurs; throws on anything that is not well-formed. */
function elements(report: Report): Record<string, number> {
  const counts: Record<string, number> = {};
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    counts[name] = (counts[name] ?? 0) + 1;
  });
  parser.write(renderJunit(report)).close();
  return counts;
}

describe('the report as JUnit XML', () => {
  it('looks as it should', async () => {
    await expect(renderJunit(NO_GO_REPORT)).toMatchFileSnapshot('../../fixtures/reports/no-go.1.junit.xml');
  });

  it('has a test case for each result, and tells failures, errors and skipped ones apart', () => {
    expect(elements(NO_GO_REPORT)).toMatchObject({ testcase: 8, failure: 3, 'system-out': 1, skipped: 2 });
  });

  it.each([
    ['blocker', 'failures="1"', '<failure message="bad" type="blocker">'],
    ['major', 'failures="1"', '<failure message="bad" type="major">'],
    ['minor', 'failures="0"', '<system-out>minor: bad\n'],
    ['info', 'failures="0"', '<system-out>info: bad\n'],
  ] as const)('lets a failed %s fail the build, or not', (severity, count, element) => {
    const text = renderJunit(aReport({ results: [aResult({ severity, status: 'fail', message: 'bad' })] }));
    expect(text).toContain(count);
    expect(text).toContain(element);
  });

  it('has no time where the recording has none', () => {
    expect(renderJunit(aReport({ startedAt: '1970-01-01T00:00:00.000Z' }))).not.toContain('1970');
  });

  it('leaves out what XML cannot hold', () => {
    const message = 'a\u0000b\uffffc\ud800d]]><x>&';
    expect(elements(aReport({ results: [aResult({ status: 'fail', message })] }))).toMatchObject({ testcase: 1, failure: 1 });
  });

  it('is well-formed whatever the host holds', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        expect(elements(report)['testcase'] ?? 0).toBe(report.results.length);
      }),
      { numRuns: 200 },
    );
  });
});
