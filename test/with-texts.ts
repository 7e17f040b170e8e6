import { type Report, reportSchema } from '../src/report/model.ts';

/**
 * The report with every text changed that may be any text: what the schema then refuses (a verdict, a severity) is put back.
 * The same text becomes the same text, so that what names each other still does.
 */
export function withTexts(report: Report, change: (text: string) => string): Report {
  const known = new Map<string, string>();
  const spoiled = changed(report, (text) => {
    const seen = known.get(text) ?? change(text);
    known.set(text, seen);
    return seen;
  });
  for (let round = 0; round < 20; round += 1) {
    const parsed = reportSchema.safeParse(spoiled);
    if (parsed.success) return parsed.data;
    for (const { path } of parsed.error.issues) putBack(spoiled, report, path);
  }
  throw new Error('the schema takes no such report');
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => changed(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, changed(one, change)]));
}

function putBack(spoiled: unknown, original: unknown, path: readonly PropertyKey[]): void {
  const [key, ...rest] = path;
  if (key === undefined || !isRecord(spoiled) || !isRecord(original)) throw new Error('the schema refuses more than texts');
  if (rest.length === 0) spoiled[key] = original[key];
  else putBack(spoiled[key], original[key], rest);
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
