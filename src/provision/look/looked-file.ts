import { type IsoImage, readIsoImage } from '../../facts/iso-image.ts';
import { mapReading, ok, type Reading } from '../../host/reading.ts';
import type { HostSource } from '../../host/source.ts';
import type { LookedFile } from '../host-look.ts';

/** What is at a path. A link is something else than what it leads to: nobody deletes through one. */
export function lookedFile(host: HostSource, path: string): Reading<LookedFile> {
  const link = host.link(path);
  if (link.state === 'unreadable') return link;
  if (link.state === 'ok') return ok({ kind: 'other', bytes: 0, image: null });
  return mapReading(host.stat(path), ({ kind, size }) => ({
    kind: kind === 'file' || kind === 'directory' ? kind : 'other',
    bytes: size,
    image: null,
  }));
}

/** An image for a drive, through links. One that this user may not read is not known, whatever it is called. */
export function lookedImage(host: HostSource, path: string): Reading<LookedFile> {
  const stat = host.stat(path);
  if (stat.state !== 'ok') return stat;
  const { kind, size } = stat.value;
  if (kind !== 'file') return ok({ kind: kind === 'directory' ? kind : 'other', bytes: size, image: null });
  return mapReading(readIsoImage(host, path), (image) => ({ kind: 'file', bytes: size, image: imageKind(image, size) }));
}

function imageKind({ kind, declaredBytes }: IsoImage, size: number): LookedFile['image'] {
  return kind === 'iso' && declaredBytes !== null && size < declaredBytes ? 'truncated' : kind;
}
