import type { Release } from './release.ts';

export interface Resolution {
  readonly width: number;
  readonly height: number;
}

const MIB = 1024 * 1024;

/** `2560x1440`; null for anything else. */
export function parseResolution(text: string): Resolution | null {
  const match = /^(\d{3,5})x(\d{3,5})$/.exec(text);
  return match === null ? null : { width: Number(match[1]), height: Number(match[2]) };
}

/**
 * The shared memory that Looking Glass needs, MiB, a power of two. Releases up to B7 hold two frames of 4 bytes a pixel and
 * 10 MiB; later ones three frames with lines of whole 256 bytes, and 4 MiB. An unknown release counts as a later one.
 * https://looking-glass.io/docs/B7/install_libvirt/#determining-memory
 */
export function requiredMiB({ width, height }: Resolution, release: Release | null): number {
  const bytes = usesTwoFrames(release) ? width * height * 4 * 2 + 10 * MIB : Math.ceil((width * 4) / 256) * 256 * height * 3 + 4 * MIB;
  return 2 ** Math.ceil(Math.log2(bytes / MIB));
}

/** Is the formula of B7 and before the right one? */
export function usesTwoFrames(release: Release | null): boolean {
  return release !== null && (release.number < 7 || (release.number === 7 && release.isTagged));
}

const USUAL: readonly Resolution[] = [
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
  { width: 3840, height: 2160 },
  { width: 5120, height: 2880 },
  { width: 7680, height: 4320 },
];

/** The largest usual resolution that fits into so much memory; null when not even 1920x1080 does. */
export function largestResolution(sizeMiB: number, release: Release | null): Resolution | null {
  return USUAL.findLast((resolution) => requiredMiB(resolution, release) <= sizeMiB) ?? null;
}
