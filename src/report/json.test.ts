import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hostileReport, NO_GO_REPORT } from '../../test/report.ts';
import { jsonPieces, renderJson, safeJson } from './json.ts';
import { reportSchema } from './model.ts';
import { CONTROL_CHARACTERS } from './sanitize.ts';

describe('the report as JSON', () => {
  it('has the names of the schema', async () => {
    await expect(renderJson(NO_GO_REPORT)).toMatchFileSnapshot('../../fixtures/reports/no-go.1.json');
  });

  it('is the report again when it is read, and holds no raw control character', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const text = renderJson(report);
        expect(reportSchema.parse(JSON.parse(text))).toEqual(report);
        for (const line of text.split('\n')) expect(line.match(CONTROL_CHARACTERS)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('says the same in pieces as in one, however many results there are', () => {
    for (const count of [0, 1, 63, 64, 65, 200]) {
      const results = Array.from({ length: count }, () => NO_GO_REPORT.results[0]).flatMap((result) => result ?? []);
      const report = { ...NO_GO_REPORT, results };
      expect([...jsonPieces(report)].join('')).toBe(`${safeJson(report)}\n`);
    }
    fc.assert(
      fc.property(hostileReport, (report) => {
        expect(renderJson(report)).toBe(`${safeJson(report)}\n`);
      }),
    );
  });

  it('escapes a lone delete character, which is ASCII', () => {
    expect(safeJson('a\u007fb')).toBe(String.raw`"a\u007fb"`);
  });
});
