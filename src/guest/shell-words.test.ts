import { spawnSync } from 'node:child_process';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { GuestError } from './channel.ts';
import { shellCommand } from './shell-words.ts';

describe('a command for a shell of POSIX', () => {
  it('gives the program the words that it was given, whatever is in them', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        const command = shellCommand('posix', ['printf', '%s\\0', ...words]);
        const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
        expect(stdout).toBe((words.length === 0 ? [''] : words).map((one) => `${one}\0`).join(''));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a command for cmd.exe', () => {
  it.each([
    [['cmd.exe', '/c', 'ver'], 'cmd.exe /c ver'],
    [['echo', 'a b'], 'echo ^"a^ b^"'],
    [['echo', '100%', 'a&b', '<x>'], 'echo ^"100^%^" ^"a^&b^" ^"^<x^>^"'],
    [['echo', 'say "hi"'], String.raw`echo ^"say^ \^"hi\^"^"`],
    [['echo', String.raw`C:\a b\ `.trim()], String.raw`echo ^"C:\a^ b\\^"`],
    [['echo', String.raw`C:\Users\x`], String.raw`echo C:\Users\x`],
    [['echo', ''], 'echo ^"^"'],
    [[String.raw`C:\Program Files\x.exe`], String.raw`C:\Program^ Files\x.exe`],
  ])('%j', (argv, command) => {
    expect(shellCommand('cmd', argv)).toBe(command);
  });
});

describe('a command for PowerShell', () => {
  it('quotes what PowerShell takes for quotes, too', () => {
    expect(shellCommand('power-shell', ['a', "b'c", '\u2019; rm x'])).toBe("& 'a' 'b''c' '\u2019\u2019; rm x'; exit $LASTEXITCODE");
  });
});

it.each([
  ['cmd', 'two\nlines'],
  ['power-shell', 'two\nlines'],
  ['power-shell', 'a "b"'],
] as const)('%s is not given %j, which it would not pass on', (shell, word) => {
  expect(() => shellCommand(shell, ['echo', word])).toThrow(GuestError);
});
