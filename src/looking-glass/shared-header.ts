/** What the guest's application wrote at the start of the shared memory. */
export interface SharedHeader {
  /** Version of the transport protocol. */
  readonly lgmp: number;
  /** Version of the frame protocol; null where its place is not known. */
  readonly kvmfr: number | null;
  /** As the application calls itself: `B7`, `B7-75-g870eb8c600`. */
  readonly version: string | null;
}

/** Where the header can begin: releases up to B7, and the two layouts of the builds after it. */
export const HEADER_OFFSETS = [0, 8064, 9664] as const;
/** Length of the magic and the version. */
export const HEADER_BYTES = 8;
/** Length of what is needed of the session data. */
export const SESSION_BYTES = 48;

const MAGIC = 0x504d474c;

/** The version in a header; null when nothing was ever written there. */
export function parseProtocol(bytes: Uint8Array): number | null {
  return bytes.length >= HEADER_BYTES && unsigned(bytes, 0) === MAGIC ? unsigned(bytes, 4) : null;
}

/** Where the session data of a version begins; null when that is not known. */
export function sessionOffset(lgmp: number): number | null {
  if (lgmp === 4) return 5116;
  return lgmp === 5 || lgmp === 6 ? 5756 : null;
}

/** Frame protocol and name of the application; nulls when it is no session. */
export function parseSession(bytes: Uint8Array): Pick<SharedHeader, 'kvmfr' | 'version'> {
  const text = Buffer.from(bytes).toString('latin1');
  if (bytes.length < SESSION_BYTES || !text.startsWith('KVMFR---')) return { kvmfr: null, version: null };
  const version = /^[\x20-\x7E]{1,32}/.exec(text.slice(12, 44))?.[0] ?? null;
  return { kvmfr: unsigned(bytes, 8), version };
}

function unsigned(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
