import { nearestId } from '../nearest-id.ts';

/** `no check has the id "iommu/enabeld" (did you mean "preflight/iommu/enabled"?)` */
export function unknownCheck(id: string, checkIds: readonly string[]): string {
  const meant = nearestId(id, checkIds);
  const hint = meant === undefined ? 'passcheck explain lists all' : `did you mean ${JSON.stringify(meant)}?`;
  return `no check has the id ${JSON.stringify(id)} (${hint})`;
}
