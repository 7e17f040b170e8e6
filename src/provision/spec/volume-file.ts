import type { VolumeSpec } from './model.ts';

/** The file of a volume in its pool: the one that the spec names, else NAME.FORMAT. */
export function volumeFile(name: string, { file, format }: Pick<VolumeSpec, 'file' | 'format'>): string {
  return file ?? `${name}.${format}`;
}
