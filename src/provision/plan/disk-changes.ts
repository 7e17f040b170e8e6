import { all, type XmlElement } from '../../domain/xml.ts';
import type { Difference } from '../diff/difference.ts';

/** Is this difference about a disk (no CD or floppy drive), or about what the VM is known by: its UUID, its NVRAM, its TPM? */
export function isOfDiskOrIdentity(difference: Difference, root: XmlElement): boolean {
  const held = [...all(root, 'devices', 'disk').filter((disk) => isDisk(disk.attributes)), ...identityElements(root)];
  const at = difference.kind === 'add' ? difference.parent : difference.element;
  if (held.some(({ start, end }) => at.start >= start && at.end <= end)) return true;
  if (difference.kind !== 'add') return false;
  const { name, attributes } = difference.tree;
  return (name === 'disk' && isDisk(attributes)) || name === 'nvram' || name === 'tpm';
}

/** Does a disk, which may be a drive, get another image? */
export function isDiskSource({ kind, field, from, to }: Difference): boolean {
  return kind === 'set-attribute' && from !== null && to !== null && /^disk \S+: source\b/.test(field);
}

function isDisk(attributes: Readonly<Record<string, string>>): boolean {
  return (attributes['device'] ?? 'disk') === 'disk';
}

function identityElements(root: XmlElement): readonly XmlElement[] {
  return [...all(root, 'uuid'), ...all(root, 'os', 'nvram'), ...all(root, 'devices', 'tpm')];
}

/** What a guest loses with a change, though no file does; null: nothing. */
export function lossWords(difference: Difference): string | null {
  if (difference.kind === 'remove' && difference.element.name === 'tpm') {
    return 'without its TPM the guest loses what it keeps in it (BitLocker, Windows Hello); the state itself stays on the disk';
  }
  if (difference.kind === 'set-text' && difference.element.name === 'nvram') {
    return 'with another NVRAM file the guest loses its boot entries; the old file stays';
  }
  return null;
}

/** libvirt gives no object another UUID. */
export function isNewUuid(difference: Difference): boolean {
  return difference.kind === 'set-text' && difference.element.name === 'uuid';
}
