import { nearest } from '../nearest.ts';

/** `; the nearest is …`, or where all are listed. Check ids are also known without their suite (`iommu/enabled`). */
export function suggestion(wanted: string, ids: readonly string[]): string {
  const near = nearest(
    wanted,
    ids.flatMap((id) => [id, id.slice(id.indexOf('/') + 1)]),
  );
  return near === undefined ? ' (passcheck explain lists all)' : `; the nearest is ${near}`;
}
