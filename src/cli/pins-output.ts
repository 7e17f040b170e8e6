import type { PinResult } from '../pinning/result.ts';
import { safeJson } from '../report/json.ts';
import { renderPinsSvg } from '../report/pins-svg.ts';
import { pinsSummary, renderPinsTerminal } from '../report/pins-terminal.ts';
import { VERSION } from '../version.ts';
import type { Io } from './io.ts';
import { formatByEnding, outputStyle } from './output-style.ts';

/** What `--format` of a plan can say. */
export const PINS_FORMATS = ['terminal', 'xml', 'json', 'svg'] as const;
/** One of {@link PINS_FORMATS}. */
export type PinsFormat = (typeof PINS_FORMATS)[number];

interface PinsOutputOptions {
  readonly format?: PinsFormat;
  readonly out?: string;
  readonly color: boolean;
  readonly isApplied: boolean;
  readonly kernelSteps: readonly string[];
}

/** The format of `--format`, else of the ending of `--out`. Throws a `UsageError` for an ending that no format has. */
export function pinsFormat({ format, out }: Pick<PinsOutputOptions, 'format' | 'out'>): PinsFormat {
  return format ?? formatByEnding(out, ENDINGS) ?? 'terminal';
}

/** The text of an answer in the format that is asked for; `error`: what the format cannot say. */
export function renderPins(
  result: PinResult,
  options: PinsOutputOptions,
  io: Pick<Io, 'stdoutIsTerminal' | 'stdoutColumns'>,
): { readonly text: string; readonly error: string | null } {
  const { isApplied, kernelSteps } = options;
  const { plan } = result;
  switch (pinsFormat(options)) {
    case 'json':
      return { text: `${safeJson({ schema: 1, tool: { name: 'passcheck', version: VERSION }, ...result })}\n`, error: null };
    case 'xml':
      if (plan !== null) return { text: `${plan.xml}\n`, error: null };
      return { text: '', error: pinsSummary(result) };
    case 'svg':
      return { text: renderPinsSvg(result), error: null };
    case 'terminal':
      return { text: renderPinsTerminal(result, { ...outputStyle(options, io), isApplied, kernelSteps }), error: null };
  }
}

const ENDINGS: Readonly<Record<string, PinsFormat>> = { json: 'json', xml: 'xml', svg: 'svg' };
