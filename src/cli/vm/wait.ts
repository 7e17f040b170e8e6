import { openGuest } from '../../guest/choose.ts';
import { waitForGuest } from '../../guest/wait.ts';
import type { Io } from '../io.ts';
import { OWN_CODES, tellingFailure } from './guest-failure.ts';
import type { GuestOptions } from './guest-options.ts';
import { askedGuest } from './guest-place.ts';

export interface WaitOptions extends GuestOptions {
  /** Milliseconds. */
  readonly timeout: number;
}

/** `passcheck vm wait` */
export async function wait(target: string, options: WaitOptions, io: Io): Promise<void> {
  await tellingFailure(io, 'vm wait', OWN_CODES, async () => {
    const begin = performance.now();
    const said = new Set<string>();
    const { name, channel } = await waitForGuest({
      timeoutMs: options.timeout,
      open: async () => {
        const { place, wish } = await askedGuest(target, options);
        return openGuest(place, wish);
      },
      onFailure: ({ message }) => {
        // Each once: a boot goes from "no address" to "connection refused" to "no agent".
        if (io.stderrIsTerminal && !said.has(message)) io.note(`waiting: ${message} …`);
        said.add(message);
      },
    });
    io.note(`${name} answers (${CHANNELS[channel.kind]}), after ${Math.round((performance.now() - begin) / 1000)} s`);
  });
}

const CHANNELS = { agent: 'guest agent', ssh: 'SSH', winrm: 'WinRM' } as const;
