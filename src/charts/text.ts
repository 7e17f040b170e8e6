import { fit } from '../report/fit.ts';
import { wrap } from '../report/wrap.ts';

/** A text of any origin as one line of a picture: nothing in it can reorder or hide, and it ends where room does. */
export function label(text: string, width: number): string {
  return fit(text, width).trim();
}

/** The same on up to two lines, for names beside an axis. */
export function twoLines(text: string, width: number): string[] {
  const [first = '', ...rest] = wrap(label(text, 2 * width), width);
  return rest.length === 0 ? [fit(first, width)] : [fit(first, width), fit(rest.join(' '), width)];
}
