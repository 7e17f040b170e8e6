/** A copy with one value replaced: `results.0.location`. What is on the way there and missing stays missing. */
export function edited(value: unknown, path: string, replacement: unknown): unknown {
  const copy: unknown = structuredClone(value);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let place = copy;
  for (const key of keys) place = isRecord(place) ? place[key] : undefined;
  if (!isRecord(place)) throw new Error(`nothing at ${path}`);
  place[last] = replacement;
  return copy;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
