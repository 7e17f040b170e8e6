import { escapeXml } from './escape-xml.ts';
import type { Report, Result } from './model.ts';
import { manyLines, oneLine } from './sanitize.ts';
import { remedyText } from './remedy-text.ts';

/**
 * JUnit XML as CI servers read it: one test case for each result, a failure where a blocker or major failed, an error where it
 * could not look, skipped where it did not apply. A minor failure is told and fails no build. https://github.com/testmoapp/junitxml
 */
export function renderJunit(report: Report): string {
  const { counts, suite, verdict, startedAt, durationMs, results } = report;
  const totals = attributes({
    tests: results.length,
    failures: results.filter(({ status, severity }) => status === 'fail' && failsBuild(severity)).length,
    errors: counts.error,
    skipped: counts['not-applicable'] + counts.skipped,
    time: seconds(durationMs),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="passcheck"${totals}>
  <testsuite${attributes({ name: suite, ...(startedAt.startsWith('1970-01-01') ? {} : { timestamp: startedAt }), hostname: report.subject.host ?? 'unknown' })}${totals}>
    <properties>
      <property name="verdict" value="${verdict}"/>
      <property name="version" value="${escapeXml(oneLine(report.tool.version))}"/>
    </properties>
${results.map((result) => testCase(result)).join('\n')}
  </testsuite>
</testsuites>
`;
}

function testCase(result: Result): string {
  const { id, subject, title, severity, message, status } = result;
  const cut = id.lastIndexOf('/');
  const name = `${id.slice(cut + 1)}${subject === null ? '' : ` [${subject}]`}: ${title}`;
  const open = `    <testcase${attributes({ classname: id.slice(0, Math.max(0, cut)).replaceAll('/', '.'), name, time: '0' })}`;
  if (status === 'pass') return `${open}/>`;
  const inner = attributes({ message: message ?? title });
  if (status === 'not-applicable' || status === 'skipped') return `${open}><skipped${inner}/></testcase>`;
  if (status === 'fail' && !failsBuild(severity)) {
    return `${open}>
      <system-out>${escapeXml(manyLines(`${severity}: ${details(result)}`))}</system-out>
    </testcase>`;
  }
  const tag = status === 'fail' ? 'failure' : 'error';
  return `${open}>
      <${tag}${inner} type="${severity}">${escapeXml(manyLines(details(result)))}</${tag}>
    </testcase>`;
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

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(oneLine(String(value)))}"`)
    .join('');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
