import { nearest } from './nearest.ts';

/**
 * The id of a check that was most likely meant: by its full name, without the suite (`iommu/enabled`), or by its last part
 * alone where only one check has it. Undefined when none is near.
 */
export function nearestId(wanted: string, ids: readonly string[]): string | undefined {
  const names = new Map<string, string | undefined>();
  for (const id of ids) {
    const last = id.slice(id.lastIndexOf('/') + 1);
    const before = names.get(last);
    // A check of two suites has one name without them.
    const isOne = !names.has(last) || (before !== undefined && withoutSuite(before) === withoutSuite(id));
    names.set(last, isOne ? id : undefined);
  }
  for (const id of ids) names.set(withoutSuite(id), id).set(id, id);
  const known = [...names].flatMap(([name, id]) => (id === undefined ? [] : [name]));
  const meant = nearest(wanted, known) ?? nearest(wanted.slice(wanted.lastIndexOf('/') + 1), known);
  return meant === undefined ? undefined : names.get(meant);
}

function withoutSuite(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
