import { type Report, reportSchema } from '../report/model.ts';
import { UsageError } from '../usage-error.ts';
import { contradiction } from './contradiction.ts';

/** The newest version of the report format that this passcheck reads. */
const REPORT_SCHEMA = 1;

/** Reads a stored report; throws a {@link UsageError} of one line for what is truncated, of another program, newer, or damaged. */
export function parseReport(name: string, text: string): Report {
  const json = parseJson(name, text);
  const fields: Readonly<Record<string, unknown>> = typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
  const { tool, schema } = fields;
  const program = typeof tool === 'object' && tool !== null && 'name' in tool ? tool.name : undefined;
  if (program !== 'passcheck') throw new UsageError(`${name} is no report of passcheck`);
  if (typeof schema === 'number' && schema > REPORT_SCHEMA) {
    throw new UsageError(
      `${name} was made by a newer passcheck (report schema ${schema}, this one reads ${REPORT_SCHEMA}): update passcheck`,
    );
  }
  const parsed = reportSchema.safeParse(json);
  if (parsed.success) return sound(name, parsed.data);
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new UsageError(`${name} is damaged: no usable value at ${place === '' ? 'its top' : place.slice(0, 120)}`);
}

function sound(name: string, report: Report): Report {
  const against = contradiction(report);
  if (against === null) return report;
  throw new UsageError(`${name} is damaged: ${against}`);
}

function parseJson(name: string, text: string): unknown {
  if (text.trim() === '') throw new UsageError(`${name} is empty`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is ${isCutOff(text, error) ? 'truncated: its end is missing' : 'no JSON'}`, { cause: error });
  }
}

/** Does a report end before its last brace? V8 says where it wanted more; an end in the middle of `true` it takes for a wrong word. */
function isCutOff(text: string, error: unknown): boolean {
  if (!/^\s*\{/.test(text)) return false;
  const [, place = '0'] = /position (\d+)/.exec(String(error)) ?? [];
  return !/\}\s*$/.test(text) || /end of JSON input/.test(String(error)) || Number(place) >= text.trimEnd().length;
}
