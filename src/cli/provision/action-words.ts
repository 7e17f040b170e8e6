import type { Action } from '../../provision/plan/model.ts';
import { objectWords } from '../../provision/plan/plan-text.ts';
import { oneLine } from '../../report/sanitize.ts';
import { shorten } from '../../report/wrap.ts';

/** An action in one line: `create volume dc01: 60 GiB, qcow2`, `start network lab-net`. */
export function actionWords({ verb, object, summary }: Action): string {
  // Of a change the summary says what it is.
  const what = verb === 'change' ? objectWords(object) : `${verb} ${objectWords(object)}`;
  return oneLine(shorten(summary === verb ? what : `${what}: ${summary}`, 300));
}
