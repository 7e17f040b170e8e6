import type { Reading } from '../../host/reading.ts';
import type { Action, PlannedObject, Remark } from './model.ts';
import { nameList } from './words.ts';

/** Something that objects need of the host, and that is not known to be there. */
export interface Need extends Remark {
  /** `missing`: it is known not to be so; `unseen`: nobody could look; `advice`: nothing is wrong yet. */
  readonly kind: 'missing' | 'unseen' | 'advice';
  readonly objects: readonly PlannedObject[];
}

interface NeedWords {
  readonly objects: readonly PlannedObject[];
  /** What is wrong; the names of several objects are put behind it. */
  readonly message: string;
  readonly fix?: string;
}

export function need(kind: Need['kind'], { objects, message, fix }: NeedWords): Need {
  const [only, ...more] = objects;
  const isOne = only !== undefined && more.length === 0;
  const names = objects.length === 0 || isOne ? '' : ` (for ${nameList(objects.map(({ name }) => name))})`;
  return { kind, objects, object: isOne ? only : null, message: `${message}${names}`, fix: fix ?? null };
}

/** The need of a thing that has to be there at all; none where it is, or where nothing needs it. */
export function thingNeed(reading: Reading<unknown>, name: string, words: NeedWords): readonly Need[] {
  if (words.objects.length === 0 || reading.state === 'ok') return [];
  if (reading.state === 'absent') return [need('missing', words)];
  return [need('unseen', { objects: words.objects, message: `could not look for ${name} (${reading.detail})` })];
}

const TRIFLES: ReadonlySet<Action['step']['do']> = new Set([
  'autostart-network',
  'autostart-pool',
  'autostart-domain',
  'own-pool',
  'own-volume',
]);

/** Which objects a plan makes, starts or changes. What needs nothing of the host (autostart, a mark) does not count. */
export function isTouched(actions: readonly Action[]): (object: PlannedObject) => boolean {
  const touched = new Set(actions.filter(({ step }) => !TRIFLES.has(step.do)).map(({ object }) => key(object)));
  return (object) => touched.has(key(object));
}

function key({ kind, name }: PlannedObject): string {
  return `${kind} ${name}`;
}
