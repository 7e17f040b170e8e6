import { posix } from 'node:path';

import { attribute, first, textAt } from '../../domain/xml.ts';
import type { LiveVolume } from '../world.ts';
import { xmlRoot } from './xml-root.ts';

/** Reads an answer of `vol-dumpxml`; null when it is none. https://libvirt.org/formatstorage.html#storage-volume-xml */
export function parseVolume(pool: string, xml: string): LiveVolume | null {
  const root = xmlRoot('volume', xml);
  if (root === null) return null;
  const name = textAt(root, 'name');
  const path = textAt(root, 'target', 'path');
  // Where the image names it from its own folder, libvirt writes `/pool/../other/base.qcow2`.
  const backing = textAt(root, 'backingStore', 'path');
  // libvirt writes bytes, whatever unit it was given.
  const capacity = textAt(root, 'capacity') ?? '';
  if (name === null || path === null || !/^\d{1,18}$/.test(capacity)) return null;
  return {
    pool,
    name,
    path,
    capacityBytes: Number(capacity),
    format: attribute(first(root, 'target', 'format'), 'type') ?? 'raw',
    backing: backing === null ? null : posix.normalize(backing),
  };
}

/**
 * The names in an answer of `vol-list`: the file's name, blanks, its path. Only the path can hold a slash. In the C locale libvirt 9.0
 * prints every byte beyond ASCII as `\xff`, and a tab or line's end as `\x09` or `\x0a`, so such names are not among them: nobody can
 * ask for them by what is printed.
 */
export function volumeNames(table: string): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const row = line.slice(1);
    const name = row.slice(row.lastIndexOf('/') + 1);
    const isName = name !== '' && row.startsWith(`${name} `) && !/\\x(?!5cx)/.test(name);
    // A backslash before an x is escaped, so that it is none of these.
    return isName ? [name.replaceAll('\\x5cx', '\\x')] : [];
  });
}
