import type { Limit } from '../report/measurement.ts';
import type { MeasurementWish } from './model.ts';

const KINDS = { below: 'below', atMost: 'at-most', above: 'above', atLeast: 'at-least' } as const satisfies Record<string, Limit['kind']>;

/** The limits that a criterion sets to a figure, by their key in the file. */
export function boundsOf(wish: MeasurementWish): readonly { readonly key: string; readonly kind: Limit['kind']; readonly value: number }[] {
  return (['below', 'atMost', 'above', 'atLeast'] as const).flatMap((key) => {
    const value = wish[key];
    return value === undefined ? [] : [{ key, kind: KINDS[key], value }];
  });
}
