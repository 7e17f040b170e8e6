import type { Report } from './model.ts';
import { oneLine } from './sanitize.ts';

/** How a report is shown on a terminal. */
export interface TerminalOptions {
  readonly colour: boolean;
  /** List what passed or did not apply, too. */
  readonly verbose: boolean;
}

/** The report for a person. */
export function renderTerminal(report: Report, _options: TerminalOptions): string {
  const lines = report.results
    .filter(({ status }) => status === 'fail' || status === 'error')
    .map(({ id, status, message }) => oneLine(`${status} ${id}: ${message ?? ''}`));
  return [report.verdict, ...lines, ''].join('\n');
}
