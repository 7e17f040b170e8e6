import type { DesiredPool, DesiredVolume } from '../desired.ts';
import { el, type Tree } from '../tree.ts';

/** The definition of a pool: a folder. */
export function poolTree({ name, uuid, path }: Pick<DesiredPool, 'name' | 'uuid' | 'path'>): Tree {
  return el('pool', { type: 'dir' }, [el('name', {}, name), el('uuid', {}, uuid), el('target', {}, [el('path', {}, path)])]);
}

/**
 * What a volume is made of: an image that takes no room until something is written. libvirt would make a raw one in full, and a
 * qcow2 one in the format of QEMU before 1.1.
 */
export function volumeTree({ name, capacityBytes, format }: Pick<DesiredVolume, 'name' | 'capacityBytes' | 'format'>): Tree {
  return el('volume', {}, [
    el('name', {}, name),
    el('capacity', { unit: 'bytes' }, String(capacityBytes)),
    el('allocation', { unit: 'bytes' }, '0'),
    el('target', {}, [el('format', { type: format }), format === 'qcow2' ? el('compat', {}, '1.1') : null]),
  ]);
}
