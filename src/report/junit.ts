import { escapeXml } from './escape-xml.ts';
import type { Report, Result } from './model.ts';
import { phaseSuite, phaseTotals } from './phase-junit.ts';
import { manyLines, oneLine } from './sanitize.ts';
import { xmlAttributes } from './xml-attributes.ts';
import { remedyText } from './remedy-text.ts';

/**
 * JUnit XML as CI servers read it: one test case for each result, a failure where a blocker or major failed, an error where one
 * could not be looked at, skipped where it did not apply. Minor findings are told and fail no build. https://github.com/testmoapp/junitxml
 */
export function renderJunit(report: Report): string {
  const { suite, verdict, startedAt, durationMs, results } = report;
  const own = {
    tests: results.length,
    failures: countDecisive(results, 'fail'),
    errors: countDecisive(results, 'error'),
    skipped: results.filter((result) => isSkipped(result)).length,
  };
  const criteria = phaseTotals(report);
  const all = {
    tests: own.tests + criteria.tests,
    failures: own.failures + criteria.failures,
    errors: own.errors + criteria.errors,
    skipped: own.skipped + criteria.skipped,
  };
  const time = seconds(durationMs);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="passcheck"${xmlAttributes({ ...all, time })}>
  <testsuite${xmlAttributes({ name: suite, ...(startedAt.startsWith('1970-01-01') ? {} : { timestamp: startedAt }), hostname: report.subject.host ?? 'unknown' })}${xmlAttributes({ ...own, time })}>
    <properties>
      <property name="verdict" value="${verdict}"/>
      <property name="version" value="${escapeXml(oneLine(report.tool.version))}"/>
    </properties>
${results.map((result) => testCase(result)).join('\n')}
  </testsuite>
${phaseSuite(report)}</testsuites>
`;
}

function testCase(result: Result): string {
  const { id, subject, title, severity, message, status } = result;
  const cut = id.lastIndexOf('/');
  const name = `${id.slice(cut + 1)}${subject === null ? '' : ` [${subject}]`}: ${title}`;
  const open = `    <testcase${xmlAttributes({ classname: id.slice(0, Math.max(0, cut)).replaceAll('/', '.'), name, time: '0' })}`;
  if (status === 'pass') return `${open}/>`;
  const inner = xmlAttributes({ message: message ?? title });
  if (isSkipped(result)) return `${open}><skipped${inner}/></testcase>`;
  if (!failsBuild(severity)) {
    return `${open}>
      <system-out>${escapeXml(manyLines(`${severity}: ${details(result)}`))}</system-out>
    </testcase>`;
  }
  const tag = status === 'fail' ? 'failure' : 'error';
  return `${open}>
      <${tag}${inner} type="${severity}">${escapeXml(manyLines(details(result)))}</${tag}>
    </testcase>`;
}

/** What was not judged; a minor check that could not be looked at fails no build, and is no pass either. */
function isSkipped({ status, severity }: Result): boolean {
  return status === 'not-applicable' || status === 'skipped' || (status === 'error' && !failsBuild(severity));
}

function countDecisive(results: readonly Result[], wanted: Result['status']): number {
  return results.filter(({ status, severity }) => status === wanted && failsBuild(severity)).length;
}

function failsBuild(severity: Result['severity']): boolean {
  return severity === 'blocker' || severity === 'major';
}

function details({ message, evidence, remedy }: Result): string {
  const seen = evidence.map(
    ({ source, observed, expected }) => `${source}: ${observed}${expected === undefined ? '' : ` (expected: ${expected})`}`,
  );
  return [message ?? '', ...seen, ...(remedy === null ? [] : remedyText(remedy))].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
