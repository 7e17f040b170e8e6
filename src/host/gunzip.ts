import { ok, type Reading, unreadable } from './reading.ts';

/** Unpacks gzip data, at most `limit` bytes of it. zlib is loaded only when it is needed. */
export async function gunzip(bytes: Uint8Array, limit: number): Promise<Reading<Uint8Array>> {
  const { gunzipSync } = await import('node:zlib');
  try {
    return ok(gunzipSync(bytes, { maxOutputLength: limit }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'zlib';
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? unreadable('too-large', `unpacks to more than ${limit} bytes`)
      : unreadable('failed', `cannot be unpacked (${code})`);
  }
}
