/** How a program in a guest ended. A non-zero exit code is data, not an error. */
export interface GuestResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** The guest printed more than {@link GUEST_OUTPUT_LIMIT}: the rest is not here. */
  readonly isTruncated: boolean;
}

/** Options of {@link GuestChannel.exec}. */
export interface GuestExec {
  /** What the program reads. */
  readonly input?: Uint8Array;
  /** Milliseconds until it is given up. */
  readonly timeoutMs: number;
  /** Gets output as soon as the channel has it; some have it only at the end. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
}

/** What a guest is, as far as it says. */
export interface GuestSystem {
  readonly kind: 'windows' | 'linux' | 'other';
  /** As the guest names itself: `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
}

export interface GuestAddress {
  readonly interface: string;
  readonly mac: string | null;
  /** With the length of the prefix: `192.168.56.101/24`. */
  readonly addresses: readonly string[];
}

/**
 * A way into a running guest. Whatever comes out of it is hostile. Everything throws a {@link GuestError} when the guest
 * could not be reached or did not answer; a program that failed is a {@link GuestResult}.
 */
export interface GuestChannel {
  readonly kind: 'agent' | 'ssh' | 'winrm';
  /** Resolves when the guest answers. */
  ping(timeoutMs: number): Promise<void>;
  system(timeoutMs: number): Promise<GuestSystem>;
  addresses(timeoutMs: number): Promise<readonly GuestAddress[]>;
  exec(argv: readonly string[], options: GuestExec): Promise<GuestResult>;
  /** Writes a file beside its place and renames it when its checksum is right. */
  upload(local: string, remote: string, progress: (doneBytes: number, ofBytes: number) => void): Promise<void>;
  download(remote: string, local: string, progress: (doneBytes: number, ofBytes: number) => void): Promise<void>;
}

export const GUEST_OUTPUT_LIMIT = 16 * 1024 * 1024;

/** Why a guest could not be used. */
export class GuestError extends Error {
  override readonly name = 'GuestError';
  readonly reason: 'unreachable' | 'timed-out' | 'refused' | 'garbage';
  /** What the user can do. */
  readonly hint: string | null;

  constructor(reason: GuestError['reason'], message: string, hint: string | null = null, options: ErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
    this.hint = hint;
  }
}
