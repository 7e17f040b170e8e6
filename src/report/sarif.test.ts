import { readFileSync } from 'node:fs';

import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aReport, aResult, hostileReport, LINT_REPORT, NO_GO_REPORT } from '../../test/report.ts';
import { renderSarif } from './sarif.ts';

const schema: object = JSON.parse(readFileSync(new URL('../../fixtures/schemas/sarif-2.1.0.json', import.meta.url), 'utf8'));
const ajv = addFormats.default(new Ajv({ strict: false, unicodeRegExp: false }));
const validate = ajv.compile(schema);

function problems(text: string): unknown {
  return validate(JSON.parse(text)) ? null : validate.errors;
}

describe('the report as SARIF', () => {
  it('looks as it should', async () => {
    await expect(renderSarif(LINT_REPORT)).toMatchFileSnapshot('../../fixtures/reports/lint.1.sarif');
  });

  it.each([
    ['of a definition', LINT_REPORT],
    ['of a host', NO_GO_REPORT],
    ['without results', aReport()],
  ])('fits the schema of SARIF 2.1.0: a report %s', (_name, report) => {
    expect(problems(renderSarif(report))).toBeNull();
  });

  it('fits the schema, whatever the host holds', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        expect(problems(renderSarif(report))).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('would not fit with a line 0', () => {
    const failed = aResult({ status: 'fail', message: 'bad', location: { file: 'a.xml', line: 0, column: 1 } });
    expect(problems(renderSarif(aReport({ results: [failed] })))).not.toBeNull();
  });

  it('makes a URI of a path with blanks and signs', () => {
    const failed = aResult({ status: 'fail', message: 'bad', location: { file: '/vms/my vm#1.xml', line: 1, column: 1 } });
    expect(renderSarif(aReport({ results: [failed] }))).toContain('"file:///vms/my%20vm%231.xml"');
  });

  it.each([
    [
      'a whole file',
      'vms/a.xml#two',
      undefined,
      { physicalLocation: { artifactLocation: { uri: 'vms/a.xml' }, region: { startLine: 1 } } },
    ],
    ['a domain of libvirt', 'win11', undefined, { logicalLocations: [{ name: 'win11', kind: 'resource' }] }],
    ['standard input', '<stdin>', { file: '<stdin>', line: 1, column: 1 }, { logicalLocations: [{ name: '<stdin>', kind: 'resource' }] }],
    [
      'a file in this folder',
      './a.xml',
      { file: './a.xml', line: 1, column: 2 },
      { physicalLocation: { artifactLocation: { uri: 'a.xml' }, region: { startLine: 1, startColumn: 2 } } },
    ],
  ])('says where %s is', (_name, subject, location, expected) => {
    const failed = aResult({ status: 'fail', message: 'bad', subject, ...(location === undefined ? {} : { location }) });
    const log: unknown = JSON.parse(renderSarif(aReport({ results: [failed] })));
    expect(log).toMatchObject({ runs: [{ results: [{ locations: [expected] }] }] });
  });
});
