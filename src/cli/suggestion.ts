/** `; the nearest is …`, or where to find all. */
export function suggestion(_wanted: string, _known: readonly string[]): string {
  return ' (passcheck explain lists all)';
}
