import { nearest } from './nearest.ts';

/**
 * The id of a check that was most likely meant: by its full name, without the suite (`iommu/enabled`), or by its last part
 * alone where only one check has it. Undefined when none is near.
 */
export function nearestId(wanted: string, ids: readonly string[]): string | undefined {
  const names = new Map<string, string | undefined>();
  for (const id of ids) {
    const last = id.slice(id.lastIndexOf('/') + 1);
    names.set(last, names.has(last) ? undefined : id);
  }
  for (const id of ids) names.set(id.slice(id.indexOf('/') + 1), id).set(id, id);
  const known = [...names].flatMap(([name, id]) => (id === undefined ? [] : [name]));
  const meant = nearest(wanted, known) ?? nearest(wanted.slice(wanted.lastIndexOf('/') + 1), known);
  return meant === undefined ? undefined : names.get(meant);
}
