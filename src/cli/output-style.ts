import { UsageError } from '../usage-error.ts';
import { useColour } from './colour.ts';
import type { Io } from './io.ts';

/** Where a text goes, and whether colours are wanted there. */
interface Output {
  /** The file of `--out`; `-` and nothing are standard output. */
  readonly out?: string;
  readonly color: boolean;
}

/** How a text looks that may go to a terminal. */
interface OutputStyle {
  readonly colour: boolean;
  readonly columns: number;
}

/** Colours on a terminal only. Wide lines are hard to read, and a narrow window breaks lines itself: 60 to 100 columns. */
export function outputStyle({ out, color }: Output, io: Pick<Io, 'stdoutIsTerminal' | 'stdoutColumns'>): OutputStyle {
  const isOnScreen = (out === undefined || out === '-') && io.stdoutIsTerminal;
  const columns = isOnScreen ? Math.min(100, Math.max(60, io.stdoutColumns() ?? 80)) : 80;
  return { colour: isOnScreen && color && useColour(process.env), columns };
}

/**
 * The format that the ending of `--out` asks for; undefined where it says nothing (none, `.txt`). An ending that no format has is a
 * `UsageError`: a PDF would be no PDF.
 */
export function formatByEnding<Format>(out: string | undefined, endings: Readonly<Record<string, Format>>): Format | undefined {
  const ending = /[^/]\.([a-z]\w*)$/i.exec(out ?? '')?.[1]?.toLowerCase();
  if (ending === undefined || ending === 'txt' || out === '-') return undefined;
  const known = Object.keys(endings);
  if (known.includes(ending)) return endings[ending];
  throw new UsageError(
    `--out ${out}: no format ends in .${ending} (${known.map((one) => `.${one}`).join(', ')}, .txt); --format says which it is`,
  );
}
