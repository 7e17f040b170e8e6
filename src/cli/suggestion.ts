import { nearestId } from '../nearest-id.ts';
import { programName } from './program-name.ts';

/** `; the nearest is …`, or where all are listed. Check ids are told without their suite (`iommu/enabled`), which is enough. */
export function suggestion(wanted: string, ids: readonly string[]): string {
  const near = nearestId(wanted, ids);
  return near === undefined ? ` (${programName(process.env)} explain lists all)` : `; the nearest is ${near.slice(near.indexOf('/') + 1)}`;
}
