import { expect, it } from 'vitest';

import type { Io } from '../io.ts';
import { guestOutput } from './guest-output.ts';

function written(isTerminal: boolean, pieces: readonly (readonly number[])[]): string {
  const bytes: Uint8Array[] = [];
  const io: Io = {
    print: () => {},
    note: () => {},
    noteText: () => {},
    writeBytes: (_stream, piece) => bytes.push(piece),
    stdoutIsTerminal: isTerminal,
    stderrIsTerminal: isTerminal,
    stdoutColumns: () => null,
    exitCode: 0,
  };
  const output = guestOutput(io);
  for (const piece of pieces) output.onOutput('stdout', new Uint8Array(piece));
  output.end();
  return Buffer.concat(bytes).toString('latin1');
}

const bytes = (text: string): number[] => [...Buffer.from(text)];

it('leaves every byte of a program as it is in a pipe', () => {
  const all = Array.from({ length: 256 }, (_, index) => index);
  expect(written(false, [all])).toBe(String.fromCodePoint(...all));
});

it('shows what a terminal would obey', () => {
  expect(written(true, [bytes('a\u001b]0;x\u0007\tb\r\nc\rd\n')])).toBe('a\\x1b]0;x\\x07\tb\nc\nd\n');
});

it('does not double the end of a line that came in two pieces', () => {
  expect(written(true, [bytes('a\r'), bytes('\nb\r')])).toBe('a\nb\n');
});

it('puts a character together that came in two pieces', () => {
  const [first = 0, second = 0] = bytes('ä');
  expect(written(true, [[first], [second]])).toBe(Buffer.from('ä').toString('latin1'));
  expect(written(true, [[first]])).toBe(Buffer.from('\ufffd').toString('latin1'));
});
