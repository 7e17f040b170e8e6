import { virshComplaint } from '../../libvirt/virsh.ts';
import type { Connection } from '../../libvirt/connection.ts';
import { SHUT_DOWN_MODES, shutDownCall } from './steps.ts';

/** Time, so that tests need none. */
export interface Clock {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const POLL_MS = 500;

/**
 * Asks a guest to shut down, by its agent and then by ACPI, and waits until it is off; half of the time for each. Never switches the
 * power off. Null: it is off; else what is wrong.
 */
export async function shutDown(
  { uuid, timeoutMs }: { readonly uuid: string; readonly timeoutMs: number },
  connection: Connection,
  clock: Clock,
): Promise<string | null> {
  const began = clock.now();
  let complaint = '';
  for (const [index, mode] of SHUT_DOWN_MODES.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- ACPI only when the agent did not help
    const asked = await connection.run(shutDownCall(uuid, mode));
    if (asked.exitCode !== 0) complaint = virshComplaint(asked.stderr);
    const until = began + (timeoutMs * (index + 1)) / SHUT_DOWN_MODES.length;
    // A guest that was never asked does not go away; but it may have been off before.
    // oxlint-disable-next-line no-await-in-loop
    if (await isOffBy(asked.exitCode === 0 ? until : clock.now(), { uuid, connection, clock })) return null;
  }
  const why = complaint === '' ? '' : ` (${complaint})`;
  return `it still runs after ${Math.round((clock.now() - began) / 1000)} s${why}: shut it down in the guest, then run this again`;
}

async function isOffBy(
  until: number,
  { uuid, connection, clock }: { readonly uuid: string; readonly connection: Connection; readonly clock: Clock },
): Promise<boolean> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asking again and again is the point
    const { exitCode, stdout } = await connection.run(['domstate', uuid]);
    if (exitCode === 0 && stdout.trim() === 'shut off') return true;
    if (clock.now() >= until) return false;
    // oxlint-disable-next-line no-await-in-loop
    await clock.pause(Math.max(1, Math.min(POLL_MS, until - clock.now())));
  }
}
