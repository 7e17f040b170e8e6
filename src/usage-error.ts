/**
 * Something about the call itself was wrong (an option, the configuration file, a snapshot that cannot be opened): nothing
 * was checked. Each line of the message says one thing; the exit code is 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}
