import type { PinResult } from '../pinning/result.ts';
import { safeJson } from '../report/json.ts';
import { renderPinsSvg } from '../report/pins-svg.ts';
import { pinsSummary, renderPinsTerminal } from '../report/pins-terminal.ts';
import { VERSION } from '../version.ts';
import { useColour } from './colour.ts';
import type { Io } from './io.ts';

export const PINS_FORMATS = ['terminal', 'xml', 'json', 'svg'] as const;
export type PinsFormat = (typeof PINS_FORMATS)[number];

interface PinsOutputOptions {
  readonly format?: PinsFormat;
  readonly out?: string;
  readonly color: boolean;
  readonly isApplied: boolean;
  readonly kernelSteps: readonly string[];
}

/** The text of an answer in the format that is asked for; `error`: what the format cannot say. */
export function renderPins(
  result: PinResult,
  { format, out, color, isApplied, kernelSteps }: PinsOutputOptions,
  io: Pick<Io, 'stdoutIsTerminal' | 'stdoutColumns'>,
): { readonly text: string; readonly error: string | null } {
  const { plan } = result;
  switch (format ?? formatByEnding(out)) {
    case 'json':
      return { text: `${safeJson({ schema: 1, tool: { name: 'passcheck', version: VERSION }, ...result })}\n`, error: null };
    case 'xml':
      if (plan !== null) return { text: `${plan.xml}\n`, error: null };
      return { text: '', error: pinsSummary(result) };
    case 'svg':
      return { text: renderPinsSvg(result), error: null };
    case 'terminal': {
      const isOnScreen = (out === undefined || out === '-') && io.stdoutIsTerminal;
      const columns = isOnScreen ? Math.min(100, Math.max(60, io.stdoutColumns() ?? 80)) : 80;
      const colour = isOnScreen && color && useColour(process.env);
      return {
        text: renderPinsTerminal(result, { colour, columns, isApplied, kernelSteps }),
        error: null,
      };
    }
  }
}

const ENDINGS: Readonly<Record<string, PinsFormat>> = { json: 'json', xml: 'xml', svg: 'svg' };

function formatByEnding(out: string | undefined): PinsFormat {
  return ENDINGS[/\.([a-z]+)$/.exec(out ?? '')?.[1] ?? ''] ?? 'terminal';
}
