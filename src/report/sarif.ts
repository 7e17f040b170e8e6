import type { Report, Result } from './model.ts';
import { progressWords } from './phase-progress.ts';
import { oneLine } from './sanitize.ts';
import { remedyText } from './remedy-text.ts';

/**
 * SARIF 2.1.0, as code scanning services read it: a result for each finding, a notification for what could not be looked at.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(report: Report): string {
  const findings = report.results.filter(({ status }) => status === 'fail');
  const unseen = report.results.filter(({ status }) => status === 'error');
  const ids = [...new Set(findings.map(({ id }) => id))].toSorted();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'passcheck',
            version: oneLine(report.tool.version),
            rules: ids.map((id) => ruleOf(findings.find((result) => result.id === id))),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            ...(unseen.length === 0 ? {} : { toolExecutionNotifications: unseen.map((result) => notification(result)) }),
          },
        ],
        results: findings.map((result) => resultOf(result, ids)),
        properties: { verdict: report.verdict, suite: oneLine(report.suite), ...phaseProperties(report) },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** What no tool that reads SARIF would know as a rule. */
function phaseProperties({ phase }: Report): object {
  return phase === undefined ? {} : { phase: `${oneLine(phase.id)}: ${phase.verdict}, ${progressWords(phase)}` };
}

const LEVELS = { blocker: 'error', major: 'warning', minor: 'note', info: 'note' } as const;

function ruleOf(result: Result | undefined): object {
  const { id = '', title = '', severity = 'info' } = result ?? {};
  return {
    id,
    name: id.split('/').map(capitalized).join(''),
    shortDescription: { text: title },
    help: { text: `passcheck explain ${id}` },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

/** `pins-unique` → `PinsUnique`: names of rules are in Pascal case by convention. */
function capitalized(word: string): string {
  return word.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function resultOf(result: Result, ids: readonly string[]): object {
  return {
    ruleId: result.id,
    ruleIndex: ids.indexOf(result.id),
    level: LEVELS[result.severity],
    message: { text: messageOf(result) },
    ...locations(result),
    partialFingerprints: { 'passcheck/v1': `${result.id}|${result.subject ?? ''}|${result.message ?? ''}` },
    properties: { severity: result.severity },
  };
}

function messageOf({ message, title, evidence, remedy }: Result): string {
  const seen = evidence.map(
    ({ source, observed, expected }) => `${source}: ${observed}${expected === undefined ? '' : ` (expected: ${expected})`}`,
  );
  const lines = [message ?? title, ...seen, ...(remedy === null ? [] : remedyText(remedy))];
  return lines.map((line) => oneLine(line)).join('\n');
}

/**
 * What is about a whole file stands at its first line: code scanning refuses all of a log in which a result names no
 * file. https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 * Standard input is in no file, and a domain of libvirt stands under its name.
 */
function locations({ location, subject }: Result): object {
  if (location !== undefined && location.file !== '<stdin>') {
    const { file, line, column, endLine, endColumn } = location;
    const end = endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn };
    return physical(file, { startLine: line, startColumn: column, ...end });
  }
  if (subject === null) return {};
  const file = subject.replace(/#[^/]*$/, '');
  if (location === undefined && /\/|\.xml$/i.test(file)) return physical(file, { startLine: 1 });
  return { locations: [{ logicalLocations: [{ name: oneLine(subject), kind: 'resource' }] }] };
}

function physical(file: string, region: object): object {
  return { locations: [{ physicalLocation: { artifactLocation: { uri: toUri(file) }, region } }] };
}

/** A path as typed, relative or absolute, as a URI reference. */
function toUri(file: string): string {
  const path = oneLine(file)
    .replace(/^(?:\.\/+)+/, '')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}

function notification(result: Result): object {
  return {
    level: result.severity === 'blocker' ? 'error' : 'warning',
    message: { text: messageOf(result) },
    associatedRule: { id: result.id },
  };
}
