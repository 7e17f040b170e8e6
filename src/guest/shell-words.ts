import { GuestError } from './channel.ts';
import { powerShellText } from './power-shell.ts';

/** Which program reads the command that sshd is given. */
export type LoginShell = 'posix' | 'cmd' | 'power-shell';

/** The words as one command of that shell. Throws a {@link GuestError} for words that it cannot be told. */
export function shellCommand(shell: LoginShell, argv: readonly string[]): string {
  if (shell === 'posix') return posixCommand(argv);
  const wrong = argv.find((word) => /[\r\n]/.test(word) || (shell === 'power-shell' && word.includes('"')));
  if (wrong !== undefined)
    throw new GuestError(
      'refused',
      `the shell of the guest (${shell === 'cmd' ? 'cmd.exe' : 'PowerShell'}) cannot be given ${shell === 'cmd' ? 'a line end' : 'a line end or a double quote'} in an argument`,
      'Put it into a script: passcheck vm run-script',
    );
  return shell === 'cmd' ? cmdCommand(argv) : `& ${argv.map(powerShellText).join(' ')}; exit $LASTEXITCODE`;
}

/**
 * A second shell runs the program as its child, so that one that a signal ended gives 128 + its number: sshd would report the signal,
 * which ssh turns into 255, its own exit code.
 */
function posixCommand(argv: readonly string[]): string {
  return ['sh', '-c', '"$@"; exit $?', 'sh', ...argv].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}

/** cmd.exe reads the line first: each character that means something to it gets a caret. Then the program splits the line into words. */
function cmdCommand([program = '', ...words]: readonly string[]): string {
  return [program, ...words.map(quoted)].map((word) => word.replaceAll(/[()[\]%!^"`<>&|;, *?]/g, '^$&')).join(' ');
}

/** https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments */
function quoted(word: string): string {
  if (/^[\w@:./\\+=-]+$/.test(word)) return word;
  return `"${word.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/\\+$/, '$&$&')}"`;
}
