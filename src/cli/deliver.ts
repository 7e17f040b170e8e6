import type { Report } from '../report/model.ts';
import { useColour } from './colour.ts';
import type { Io } from './io.ts';
import { writeOutput } from './output-file.ts';
import { programName } from './program-name.ts';

export const FORMATS = ['terminal', 'json', 'junit', 'sarif', 'github', 'markdown'] as const;
type Format = (typeof FORMATS)[number];

/** Where a report goes, and how it looks. */
export interface DeliverOptions {
  readonly format?: Format;
  readonly out?: string;
  readonly verbose?: boolean;
  readonly color: boolean;
}

/** Renders a report and prints it, or writes it into the file of `--out` and says so on standard error. */
export async function deliver(report: Report, options: DeliverOptions, io: Io): Promise<void> {
  const pieces = await render(report, options, io);
  if (options.out === undefined || options.out === '-') {
    for (const piece of pieces) io.print(piece);
    return;
  }
  writeOutput(options.out, pieces);
  io.note(`${report.verdict}: written to ${options.out}`);
}

async function render(report: Report, { format, out, verbose = false, color }: DeliverOptions, io: Io): Promise<Iterable<string>> {
  switch (format ?? formatByEnding(out)) {
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
    case 'terminal': {
      const isOnScreen = (out === undefined || out === '-') && io.stdoutIsTerminal;
      const { renderTerminal } = await import('../report/terminal.ts');
      const text = renderTerminal(report, {
        colour: isOnScreen && color && useColour(process.env),
        verbose,
        columns: isOnScreen ? columnsFor(io.stdoutColumns()) : 80,
        program: programName(process.env),
        isRoot: process.geteuid?.() === 0,
      });
      return [text];
    }
  }
}

/** Wide lines are hard to read, and a narrow window breaks lines itself. */
function columnsFor(terminal: number | null): number {
  return Math.min(100, Math.max(60, terminal ?? 80));
}

const ENDINGS: Readonly<Record<string, Format>> = { json: 'json', xml: 'junit', sarif: 'sarif', md: 'markdown' };

function formatByEnding(out: string | undefined): Format {
  return ENDINGS[/\.([a-z]+)$/.exec(out ?? '')?.[1] ?? ''] ?? 'terminal';
}
