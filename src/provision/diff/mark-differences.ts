import type { XmlElement } from '../../domain/xml.ts';
import type { Tree } from '../tree.ts';
import type { Difference } from './difference.ts';
import { valueOf } from './item.ts';

const FIELD = 'mark of passcheck';

/** The mark differs when it belongs to another spec or remembers something else; its version alone is no difference. */
export function markDifferences(desired: Tree, live: XmlElement): readonly Difference[] {
  const change = (name: string, from: string | null, to: string): Difference => {
    return { kind: 'set-attribute', element: live, name, value: valueOf(desired, name) ?? '', field: FIELD, from, to };
  };
  const differs = (name: string): boolean => valueOf(live, name) !== valueOf(desired, name);
  const owner = valueOf(live, 'owner');
  const found: Difference[] = [];
  if (differs('owner')) found.push(change('owner', owner === null ? null : `spec ${owner}`, `spec ${valueOf(desired, 'owner') ?? ''}`));
  if (differs('shape')) found.push(change('shape', 'what was wanted before', 'what is wanted now'));
  if (found.length > 0 && differs('version')) {
    found.push(change('version', `version ${valueOf(live, 'version') ?? '0'}`, `version ${valueOf(desired, 'version') ?? ''}`));
  }
  return found;
}
