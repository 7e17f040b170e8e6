import { extname } from 'node:path';

import { UsageError } from '../usage-error.ts';
import type { GuestSystem } from './channel.ts';

/** A script of this machine. */
export interface Script {
  /** As the user named it. */
  readonly path: string;
  readonly contents: Uint8Array;
}

/** How a script is run in a guest: files that are put into one folder there, and the words before and after the path of the first. */
export interface ScriptCommand {
  readonly files: readonly { readonly name: string; readonly contents: Uint8Array }[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const POWER_SHELL = ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File'];

/**
 * Starts the script beside it. Without it, output comes in the code page of the machine; a line at the top of the script itself could not
 * stand before `param`. A script that exits with a code leaves `$?` false, a program in it that failed does not.
 */
const POWER_SHELL_START = `try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { }
$OutputEncoding = New-Object Text.UTF8Encoding $false
$global:LASTEXITCODE = 0
& "$PSScriptRoot\\script.ps1" @args
if ($?) { exit 0 } else { exit $LASTEXITCODE }
`;

/** By the ending of its name, or its first line. Throws a `UsageError` for what does not run in such a guest. */
export function scriptCommand(script: Script, args: readonly string[], system: GuestSystem): ScriptCommand {
  const ending = extname(script.path).toLowerCase();
  return system.kind === 'windows' ? windowsCommand(script, ending, args, system) : posixCommand(script, ending, args, system);
}

function windowsCommand(script: Script, ending: string, args: readonly string[], { name }: GuestSystem): ScriptCommand {
  switch (ending) {
    case '.ps1':
      return {
        files: [
          { name: 'start.ps1', contents: Buffer.from(POWER_SHELL_START) },
          { name: 'script.ps1', contents: withMark(script.contents) },
        ],
        before: ['powershell.exe', ...POWER_SHELL],
        after: args,
      };
    case '.bat':
    case '.cmd':
      refuseForCmd(args);
      return { files: [{ name: `script${ending}`, contents: script.contents }], before: ['cmd.exe', '/d', '/c'], after: args };
    case '.py':
      return { files: [{ name: 'script.py', contents: script.contents }], before: ['py.exe', '-3', '-X', 'utf8'], after: args };
    default:
      throw new UsageError(`${script.path} does not run in ${name}: a script for Windows ends in .ps1, .bat, .cmd or .py`);
  }
}

const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  '.sh': ['/bin/sh'],
  '.bash': ['bash'],
  '.py': ['python3'],
  '.ps1': ['pwsh', '-NoProfile', '-NonInteractive', '-File'],
};

function posixCommand({ path, contents }: Script, ending: string, args: readonly string[], { name }: GuestSystem): ScriptCommand {
  const before = firstLineInterpreter(path, contents) ?? INTERPRETERS[ending];
  if (before === undefined)
    throw new UsageError(
      `${path}: what runs it in ${name} is not known: begin it with #!/bin/sh or the like, or end its name in .sh, .bash, .py or .ps1`,
    );
  // A temporary folder may be mounted noexec, so the interpreter is named.
  return { files: [{ name: `script${ending}`, contents }], before, after: args };
}

/** As the kernel reads it: a path, and the rest of the line as one word. */
function firstLineInterpreter(path: string, contents: Uint8Array): readonly string[] | null {
  const line = Buffer.from(contents.subarray(0, 256)).toString('latin1').split('\n')[0] ?? '';
  if (!line.startsWith('#!')) return null;
  if (line.endsWith('\r'))
    throw new UsageError(
      `${path} has the line ends of Windows (CR LF), which an interpreter of Linux does not take: sed -i 's/\\r$//' ${path}`,
    );
  const [, interpreter, rest = ''] = /^#![ \t]*([^ \t]+)[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
  if (interpreter === undefined) return null;
  return rest === '' ? [interpreter] : [interpreter, rest];
}

/** PowerShell 5 reads a script without a byte order mark in the code page of the machine. */
function withMark(contents: Uint8Array): Uint8Array {
  const isMarked = contents[0] === 0xef || contents[0] === 0xff || contents[0] === 0xfe;
  return isMarked || !isUtf8(contents) ? contents : Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), contents]);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** cmd.exe reads the arguments of a batch file itself, each time they are used. */
function refuseForCmd(args: readonly string[]): void {
  const wrong = args.find((word) => /[&|<>^%"!()\r\n]/.test(word));
  if (wrong !== undefined)
    throw new UsageError(
      `the argument ${wrong}: a batch file cannot be given & | < > ^ % " ! ( ) or a line end, which cmd.exe reads itself; write it as .ps1`,
    );
}
