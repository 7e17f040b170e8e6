import { virshComplaint } from '../../libvirt/virsh.ts';
import type { Connection } from '../../libvirt/connection.ts';
import { SHUT_DOWN_MODES, shutDownCall } from './steps.ts';

/** Time, so that tests need none. */
export interface Clock {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const POLL_MS = 500;
const NO_DOMAIN = /Domain not found/i;

/**
 * Asks a guest to shut down, by its agent and then by ACPI, and waits until it is off; half of the time for each. Never switches the
 * power off. Null: it is off; else what is wrong.
 */
export async function shutDown(
  { uuid, name, timeoutMs }: { readonly uuid: string; readonly name: string; readonly timeoutMs: number },
  { connection, clock, isStopped }: { readonly connection: Connection; readonly clock: Clock; readonly isStopped: () => boolean },
): Promise<string | null> {
  const began = clock.now();
  let complaint = '';
  for (const [index, mode] of SHUT_DOWN_MODES.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- ACPI only when the agent did not help
    const asked = await connection.run(shutDownCall(uuid, mode));
    if (asked.exitCode !== 0) complaint = virshComplaint(asked.stderr);
    // A guest that was not asked does not go away; but it may have been off before.
    const until = asked.exitCode === 0 ? began + (timeoutMs * (index + 1)) / SHUT_DOWN_MODES.length : clock.now();
    // oxlint-disable-next-line no-await-in-loop
    if (await isOffBy(until, { uuid, connection, clock, isStopped })) return null;
    if (isStopped()) return 'stopped while it shuts down';
  }
  const why = complaint === '' ? '' : ` (${complaint})`;
  return `it still runs after ${Math.round((clock.now() - began) / 1000)} s${why}: shut it down in the guest, or cut its power: passcheck vm stop ${name} --force`;
}

async function isOffBy(
  until: number,
  {
    uuid,
    connection,
    clock,
    isStopped,
  }: { readonly uuid: string; readonly connection: Connection; readonly clock: Clock; readonly isStopped: () => boolean },
): Promise<boolean> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asking again and again is the point
    const { exitCode, stdout, stderr } = await connection.run(['domstate', uuid]);
    // One without a definition is gone when it stops.
    if (exitCode === 0 ? stdout.trim() === 'shut off' : NO_DOMAIN.test(stderr)) return true;
    if (clock.now() >= until || isStopped()) return false;
    // oxlint-disable-next-line no-await-in-loop
    await clock.pause(Math.max(1, Math.min(POLL_MS, until - clock.now())));
  }
}
