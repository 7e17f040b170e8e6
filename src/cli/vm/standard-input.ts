import { UsageError } from '../../usage-error.ts';

const LIMIT = 16 * 1024 * 1024;

/** All of standard input; a `UsageError` when it is more than 16 MiB. */
export async function standardInput(): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of process.stdin) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > LIMIT)
      throw new UsageError('standard input has more than 16 MiB: copy it into the guest as a file, with passcheck vm copy');
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
