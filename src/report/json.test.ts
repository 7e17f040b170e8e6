import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hostileReport, NO_GO_REPORT } from '../../test/report.ts';
import { renderJson } from './json.ts';
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
});
