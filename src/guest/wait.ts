import { setTimeout as sleep } from 'node:timers/promises';

import { GuestError } from './channel.ts';
import type { OpenGuest } from './choose.ts';

/** A guest that boots is slow to shake hands. */
const ANSWER_MS = 30_000;
const PAUSE_MS = 1000;

/** What {@link waitForGuest} needs. */
export interface Waiting {
  /** Opens the guest anew: its address or its agent may be there only now. */
  readonly open: () => Promise<OpenGuest>;
  readonly timeoutMs: number;
  /** Told of each attempt that failed. */
  readonly onFailure: (error: GuestError) => void;
}

/** Waits until a guest answers. Throws the last {@link GuestError} after the time, and at once one that time does not mend. */
export async function waitForGuest({ open, timeoutMs, onFailure }: Waiting): Promise<OpenGuest> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      const guest = await open();
      await guest.channel.ping(Math.min(ANSWER_MS, Math.max(1000, deadline - performance.now())));
      return guest;
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      if (error.reason === 'refused' || performance.now() >= deadline) throw error;
      onFailure(error);
    }
    await sleep(Math.min(PAUSE_MS, Math.max(1, deadline - performance.now())));
  }
}
