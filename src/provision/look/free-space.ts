import { mapReading, type Reading } from '../../host/reading.ts';
import type { HostSource } from '../../host/source.ts';

/** Free bytes of the file system that a path is on, or will be on when it is made: that of the nearest folder above that exists. */
export function freeBytes(host: HostSource, path: string): Reading<number> {
  let existing = path;
  let space = host.space(existing);
  while (space.state === 'absent' && existing !== '/') {
    existing = parentOf(existing);
    space = host.space(existing);
  }
  return mapReading(space, ({ availableBytes }) => availableBytes);
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
