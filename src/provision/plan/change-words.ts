import { shorten } from '../../report/wrap.ts';
import type { Change } from './model.ts';

/** Values come from anybody's definitions. */
const LONGEST = 400;
/** Of a summary, which is one line. */
const SHORT = 60;
const MOST = 2;

/** `memory 8 GiB → 16 GiB: takes effect at the next start`. */
export function changeText(change: Change, tellsEffect = true): string {
  return `${fromTo(change, LONGEST)}${tellsEffect && change.effect === 'next start' ? ': takes effect at the next start' : ''}`;
}

/** What defines an object that is there: {@link changesSummary}, and that libvirt had lost its definition. */
export function definitionSummary(changes: readonly Change[], isTransient: boolean): string {
  const again = isTransient ? ['define again, as libvirt forgets it when it stops'] : [];
  return [...again, ...(changes.length === 0 ? [] : [changesSummary(changes)])].join('; ');
}

/** Changes in one line: `memory 8 GiB → 16 GiB, vcpu 2 → 4 and 3 more`. */
export function changesSummary(changes: readonly Change[]): string {
  const shown = changes.slice(0, MOST).map((change) => fromTo(change, SHORT));
  const more = changes.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function fromTo({ field, from, to }: Change, limit: number): string {
  if (from === null) return `+ ${field}${to === null || to === '' ? '' : ` ${shorten(to, limit)}`}`;
  if (to === null) return `- ${field}${from === '' ? '' : ` (was ${shorten(from, limit)})`}`;
  return `${field} ${shorten(from, limit)} → ${shorten(to, limit)}`;
}
