import { GuestError } from '../../guest/channel.ts';
import { ConnectionError } from '../../libvirt/connection.ts';
import { UsageError } from '../../usage-error.ts';
import type { Io } from '../io.ts';
import { tellProblems } from './problem-lines.ts';

/** The exit codes of what went wrong before or beside the guest. */
export interface FailureCodes {
  readonly guest: number;
  readonly libvirt: number;
  /** Null: as everywhere else. */
  readonly usage: number | null;
}

/** Of subcommands whose exit code is that of passcheck. */
export const OWN_CODES: FailureCodes = { guest: 1, libvirt: 3, usage: null };
/** Of subcommands whose exit code is that of a program in the guest: 255 as ssh has it. */
export const PROGRAM_CODES: FailureCodes = { guest: 255, libvirt: 255, usage: 255 };

/** Runs work in a guest; what went wrong with the guest or libvirt is told, and becomes the exit code. */
export async function tellingFailure(io: Io, what: string, codes: FailureCodes, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    io.exitCode = codeOf(error, codes);
    const hint = error instanceof GuestError || error instanceof ConnectionError ? error.hint : null;
    tellProblems(io, what, [{ message: error instanceof Error ? error.message : String(error), fix: hint }]);
  }
}

/** Rethrows what is none of the three. */
function codeOf(error: unknown, codes: FailureCodes): number {
  if (error instanceof GuestError) return codes.guest;
  if (error instanceof ConnectionError) return codes.libvirt;
  if (error instanceof UsageError && codes.usage !== null) return codes.usage;
  throw error;
}
