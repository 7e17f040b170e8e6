import type { DomainDocument } from './document.ts';
import { unsignedNumber } from './vcpus.ts';
import { all, attribute, first } from './xml.ts';

/** Far above what a host has use for: no more I/O threads than these are looked at. */
const IOTHREAD_LIMIT = 1024;

/**
 * Numbers of the I/O threads, sorted: those that `<iothreadids>` names, and as many of the lowest free ones as are missing to
 * the count of `<iothreads>`, as libvirt fills them up. https://libvirt.org/formatdomain.html#iothreads-allocation
 */
export function iothreadIds({ root }: Pick<DomainDocument, 'root'>): readonly number[] {
  const named = all(root, 'iothreadids', 'iothread').map((iothread) => unsignedNumber(attribute(iothread, 'id') ?? ''));
  const ids = new Set(named.filter((id) => id > 0).slice(0, IOTHREAD_LIMIT));
  const count = unsignedNumber(first(root, 'iothreads')?.text ?? '0');
  const wanted = Number.isNaN(count) ? 0 : Math.min(count, IOTHREAD_LIMIT);
  for (let id = 1; ids.size < wanted; id += 1) ids.add(id);
  return [...ids].toSorted((a, b) => a - b);
}
