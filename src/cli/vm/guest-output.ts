import { manyLines } from '../../report/sanitize.ts';
import type { Io } from '../io.ts';

type Stream = 'stdout' | 'stderr';

/** Passes the output of a program in a guest on. */
export interface GuestOutput {
  readonly onOutput: (stream: Stream, bytes: Uint8Array) => void;
  /** The end of both streams: what is left of a character that came in two pieces. */
  readonly end: () => void;
}

/** Bytes go into a pipe or a file as they are. On a terminal, which would obey them, control characters are shown as `\x1b`. */
export function guestOutput(io: Io): GuestOutput {
  const stdout = streamTo(io, 'stdout', io.stdoutIsTerminal);
  const stderr = streamTo(io, 'stderr', io.stderrIsTerminal);
  return {
    onOutput: (stream, bytes) => (stream === 'stdout' ? stdout : stderr).write(bytes),
    end: () => {
      stdout.end();
      stderr.end();
    },
  };
}

function streamTo(io: Io, stream: Stream, isTerminal: boolean): { readonly write: (bytes: Uint8Array) => void; readonly end: () => void } {
  if (!isTerminal) return { write: (bytes) => io.writeBytes(stream, bytes), end: () => {} };
  const decoder = new TextDecoder();
  // Its line feed may come with the next bytes.
  let held = '';
  const show = (text: string): void => {
    const all = held + text;
    held = all.endsWith('\r') ? '\r' : '';
    io.writeBytes(stream, Buffer.from(harmless(all.slice(0, all.length - held.length))));
  };
  return {
    write: (bytes) => show(decoder.decode(bytes, { stream: true })),
    end: () => {
      show(decoder.decode());
      if (held !== '') io.writeBytes(stream, Buffer.from('\n'));
    },
  };
}

/** Programs of Windows end lines with CR LF, and those with a progress bar go back with CR: both are shown as ends of lines. Tabs stay. */
function harmless(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').split('\t').map(manyLines).join('\t');
}
