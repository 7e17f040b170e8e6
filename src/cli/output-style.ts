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

/** What the ending of `--out` asks for; undefined when it says nothing. */
export function formatByEnding<Format>(out: string | undefined, endings: Readonly<Record<string, Format>>): Format | undefined {
  return endings[/\.([a-z]+)$/.exec(out ?? '')?.[1] ?? ''];
}
