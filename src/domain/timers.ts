import type { DomainDocument } from './document.ts';
import { type Edit, insertAt, insertChild, setAttribute } from './edit.ts';
import { all, attribute, first, type XmlElement } from './xml.ts';

/** The `<timer>`s with a name, in their order; libvirt obeys all of them. https://libvirt.org/formatdomain.html#time-keeping */
export function timersNamed(root: XmlElement, name: string): readonly XmlElement[] {
  return all(root, 'clock', 'timer').filter((timer) => attribute(timer, 'name') === name);
}

/** The Hyper-V clock is off where nothing is written, and a timer without `present` changes nothing. */
export function hasHypervClock(root: XmlElement): boolean {
  return timersNamed(root, 'hypervclock').some((timer) => attribute(timer, 'present') === 'yes');
}

/** Sets an attribute of a timer, and writes the timer (and a clock on UTC, which is libvirt's default) where there is none. */
export function setTimer(document: Pick<DomainDocument, 'text' | 'root'>, name: string, key: string, value: string): Edit {
  const { root } = document;
  const timer = timersNamed(root, name).at(-1);
  if (timer !== undefined) return setAttribute(document, timer, key, value);
  const xml = `<timer name='${name}' ${key}='${value}'/>`;
  if (first(root, 'clock') !== undefined) return insertAt(document, ['clock'], xml);
  return insertChild(document, root, `<clock offset='utc'>\n  ${xml}\n</clock>`, ['vcpu', 'os', 'features', 'cpu']);
}
