import { escapeXml } from './escape-xml.ts';
import type { Report } from './model.ts';
import type { JudgedCriterion } from './phase-model.ts';
import { stateCounts } from './phase-progress.ts';
import { manyLines } from './sanitize.ts';
import { xmlAttributes } from './xml-attributes.ts';

/** What the criteria add to the totals of a JUnit file. */
export function phaseTotals({ phase }: Report): { tests: number; failures: number; errors: number; skipped: number } {
  if (phase === undefined) return { tests: 0, failures: 0, errors: 0, skipped: 0 };
  const counts = stateCounts(phase);
  return {
    tests: phase.criteria.length,
    failures: counts.failed,
    errors: counts['could-not-look'],
    skipped: counts['not-measured'],
  };
}

/** The criteria of the phase as a test suite: a failure where one failed, skipped where nothing was measured. */
export function phaseSuite(report: Report): string {
  const { phase } = report;
  if (phase === undefined) return '';
  const totals = xmlAttributes({ ...phaseTotals(report), time: '0' });
  return `  <testsuite${xmlAttributes({ name: phase.id, hostname: report.subject.host ?? 'unknown' })}${totals}>
    <properties>
      <property name="verdict" value="${phase.verdict}"/>
    </properties>
${phase.criteria.map((criterion) => testCase(phase.id, criterion)).join('\n')}
  </testsuite>
`;
}

const ELEMENTS = { failed: 'failure', 'could-not-look': 'error' } as const;

function testCase(phase: string, { id, group, text, state, message, next }: JudgedCriterion): string {
  // Dots part packages in a class name.
  const open = `    <testcase${xmlAttributes({ classname: `${phase}.${group.replaceAll('.', '_')}`, name: `${id}: ${text}`, time: '0' })}`;
  if (state === 'met') return `${open}/>`;
  if (state === 'not-measured') return `${open}><skipped${xmlAttributes({ message })}/></testcase>`;
  const body = escapeXml(manyLines([message, ...(next === null ? [] : [next])].join('\n')));
  return `${open}>
      <${ELEMENTS[state]}${xmlAttributes({ message })} type="criterion">${body}</${ELEMENTS[state]}>
    </testcase>`;
}
