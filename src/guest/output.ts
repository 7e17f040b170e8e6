import { GUEST_OUTPUT_LIMIT, type GuestExec } from './channel.ts';

/** What a program printed on one stream, up to {@link GUEST_OUTPUT_LIMIT}. */
export interface Collected {
  /** Bytes that came so far, those beyond the limit too. */
  readonly length: () => number;
  readonly isTruncated: () => boolean;
  /** Keeps the bytes and hands them on; those beyond the limit are dropped. */
  readonly add: (bytes: Uint8Array) => void;
  readonly bytes: () => Uint8Array;
}

/** Collects one stream of a program for its result and for `onOutput`. */
export function collect(stream: 'stdout' | 'stderr', onOutput: GuestExec['onOutput']): Collected {
  const pieces: Uint8Array[] = [];
  let kept = 0;
  let length = 0;
  return {
    length: () => length,
    isTruncated: () => length > kept,
    add: (bytes) => {
      length += bytes.length;
      const piece = bytes.subarray(0, GUEST_OUTPUT_LIMIT - kept);
      if (piece.length === 0) return;
      kept += piece.length;
      pieces.push(piece);
      onOutput?.(stream, piece);
    },
    bytes: () => Buffer.concat(pieces),
  };
}
