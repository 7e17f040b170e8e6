import { ABSENT, type Reading } from '../host/reading.ts';

/**
 * The first place that has the thing, for what kernels keep under different names. A place that cannot be looked at is
 * passed over only for one that answers: a captured tree does not know whether a name that it lacks was there.
 */
export function firstAnswer<Place, T>(places: readonly Place[], look: (place: Place) => Reading<T>): Reading<T> {
  let hidden: Reading<T> = ABSENT;
  for (const place of places) {
    const reading = look(place);
    if (reading.state === 'ok') return reading;
    if (hidden.state === 'absent') hidden = reading;
  }
  return hidden;
}
