import { UsageError } from '../usage-error.ts';

/** No recording of a host comes near: what unpacks to more is a bomb. */
const UNPACKED_LIMIT = 256 * 1024 * 1024;

/** Why a packed file cannot be used, as the end of a sentence that begins with its name. */
class Unusable extends Error {}

/** The tar archive in a `.tar`, `.tar.gz` or `.tar.bz2` file, told apart by content; undefined when it is none of them. */
export async function unpack(name: string, packed: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    if (packed[0] === 0x1f && packed[1] === 0x8b) return await gunzip(packed);
    if (Buffer.from(packed.subarray(0, 3)).toString('latin1') === 'BZh') return await bunzip(packed);
  } catch (error) {
    throw new UsageError(`${name} ${error instanceof Unusable ? error.message : `is damaged (${messageOf(error)})`}`, { cause: error });
  }
  return Buffer.from(packed.subarray(257, 262)).toString('latin1') === 'ustar' ? packed : undefined;
}

async function gunzip(packed: Uint8Array): Promise<Uint8Array> {
  const { gunzipSync } = await import('node:zlib');
  try {
    return gunzipSync(packed, { maxOutputLength: UNPACKED_LIMIT });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'Z_BUF_ERROR') throw new Unusable('is truncated', { cause: error });
    if (code === 'ERR_BUFFER_TOO_LARGE') throw bomb(error);
    throw error;
  }
}

async function bunzip(packed: Uint8Array): Promise<Uint8Array> {
  const { default: decoder } = await import('seek-bzip');
  let position = 0;
  const readByte = (): number => {
    const byte = packed[position++];
    if (byte === undefined) throw new Unusable('is truncated');
    return byte;
  };
  const read = (buffer: Uint8Array, offset: number, length: number): number => {
    for (let index = 0; index < length; index++) buffer[offset + index] = readByte();
    return length;
  };
  const input = { readByte, read, eof: () => position >= packed.length };
  let unpacked = Buffer.allocUnsafe(1024 * 1024);
  let length = 0;
  const writeByte = (byte: number): void => {
    if (length >= UNPACKED_LIMIT) throw bomb();
    if (length >= unpacked.length) unpacked = Buffer.concat([unpacked, Buffer.allocUnsafe(unpacked.length)]);
    unpacked[length++] = byte;
  };
  decoder.decode(input, { writeByte }, true);
  return unpacked.subarray(0, length);
}

function bomb(cause?: unknown): Unusable {
  return new Unusable(`unpacks to more than ${UNPACKED_LIMIT / 1024 / 1024} MiB: no recording of a host is that large`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
