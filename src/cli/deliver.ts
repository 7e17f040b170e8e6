import type { Report } from '../report/model.ts';
import type { Io } from './io.ts';
import { writeOutput } from './output-file.ts';
import { formatByEnding, outputStyle } from './output-style.ts';
import { programName } from './program-name.ts';

/** What `--format` of a report can say. */
export const FORMATS = ['terminal', 'json', 'junit', 'sarif', 'github', 'markdown', 'html'] as const;
type Format = (typeof FORMATS)[number];

/** Where a report goes, and how it looks. */
export interface DeliverOptions {
  readonly format?: Format;
  readonly out?: string;
  readonly verbose?: boolean;
  readonly color: boolean;
  /** The report was not made just now. */
  readonly isStored?: boolean;
}

/** Renders a report and prints it, or writes it into the file of `--out` and says so on standard error. */
export async function deliver(report: Report, options: DeliverOptions, io: Io): Promise<void> {
  const format = reportFormat(options);
  if (format === 'markdown' && report.measurements.length > 0) {
    await (await import('./markdown-pictures.ts')).deliverMarkdown(report, options.out, io);
    return;
  }
  const pieces = await render(report, options, io);
  if (options.out === undefined || options.out === '-') {
    for (const piece of pieces) io.print(piece);
    return;
  }
  writeOutput(options.out, pieces);
  io.note(`${report.verdict}: ${NAMES[format]} written to ${options.out}`);
}

/** The format of `--format`, else of the ending of `--out`. Throws a `UsageError` for an ending that no format has. */
export function reportFormat({ format, out }: { readonly format?: Format | undefined; readonly out?: string | undefined }): Format {
  return format ?? formatByEnding(out, ENDINGS) ?? 'terminal';
}

async function render(report: Report, options: DeliverOptions, io: Io): Promise<Iterable<string>> {
  const { verbose = false, isStored = false } = options;
  switch (reportFormat(options)) {
    case 'json':
      return (await import('../report/json.ts')).jsonPieces(report);
    case 'junit':
      return [(await import('../report/junit.ts')).renderJunit(report)];
    case 'sarif':
      return [(await import('../report/sarif.ts')).renderSarif(report)];
    case 'github':
      return [(await import('../report/github.ts')).renderGithub(report)];
    case 'markdown':
      return [(await import('../report/markdown.ts')).renderMarkdown(report)];
    case 'html':
      return [(await import('../report/html/html-report.ts')).renderHtml(report)];
    case 'terminal': {
      const { renderTerminal } = await import('../report/terminal.ts');
      const text = renderTerminal(report, {
        ...outputStyle(options, io),
        verbose,
        program: programName(process.env),
        isRoot: process.geteuid?.() === 0,
        isStored,
      });
      return [text];
    }
  }
}

const ENDINGS: Readonly<Record<string, Format>> = { json: 'json', xml: 'junit', sarif: 'sarif', md: 'markdown', html: 'html', htm: 'html' };

const NAMES: Readonly<Record<Format, string>> = {
  terminal: 'report',
  json: 'JSON report',
  junit: 'JUnit report',
  sarif: 'SARIF report',
  github: 'GitHub annotations',
  markdown: 'Markdown report',
  html: 'HTML report',
};
