import { describe, expect, it } from 'vitest';

import { scriptCommand } from './script-command.ts';

const LINUX = { kind: 'linux', name: 'Debian 12' } as const;
const WINDOWS = { kind: 'windows', name: 'Windows 11' } as const;

function run(path: string, contents: string | Uint8Array, system: typeof LINUX | typeof WINDOWS = LINUX, args: readonly string[] = []) {
  return scriptCommand({ path, contents: typeof contents === 'string' ? Buffer.from(contents) : contents }, args, system);
}

describe('a script in Linux', () => {
  it.each([
    ['a', '#!/bin/bash\n', ['/bin/bash']],
    ['a.py', '#!/usr/bin/env -S python3 -u\n', ['/usr/bin/env', '-S python3 -u']],
    ['a.sh', '#! /bin/dash  -e \necho', ['/bin/dash', '-e']],
    ['a.sh', 'echo hi', ['/bin/sh']],
    ['a.SH', 'echo hi', ['/bin/sh']],
    ['a.bash', '', ['bash']],
    ['dir.x/a.py', 'print()', ['python3']],
    ['a.ps1', '1', ['pwsh', '-NoProfile', '-NonInteractive', '-File']],
    ['a.sh', '#!', ['/bin/sh']],
  ])('%s that begins with %j is run by %j', (path, contents, before) => {
    expect(run(path, contents)).toMatchObject({ before, files: [{ contents: Buffer.from(contents) }] });
  });

  it.each([
    ['a.bat', 'dir', 'a.bat: what runs it in Debian 12 is not known'],
    ['a', 'echo', 'a: what runs it in Debian 12 is not known'],
    ['.sh', 'echo', '.sh: what runs it'],
    ['a.sh', '#!/bin/sh\r\necho\r\n', 'a.sh has the line ends of Windows'],
  ])('%s is refused', (path, contents, message) => {
    expect(() => run(path, contents)).toThrow(message);
  });

  it('gets its arguments as they are', () => {
    expect(run('a.sh', '', LINUX, ['$x', '-n', 'a b']).after).toEqual(['$x', '-n', 'a b']);
  });
});

describe('a script in Windows', () => {
  it('of PowerShell is started by another one, which sets the encoding of its output', () => {
    const { files, before, after } = run('a.ps1', 'param($Name) "ä"', WINDOWS, ['-Name', 'a & b']);
    expect(files.map(({ name }) => name)).toEqual(['start.ps1', 'script.ps1']);
    expect(Buffer.from(files[0]?.contents ?? []).toString('utf8')).toContain('& "$PSScriptRoot\\script.ps1" @args');
    expect(before).toEqual(['powershell.exe', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File']);
    expect(after).toEqual(['-Name', 'a & b']);
  });

  it.each([
    ['UTF-8 without a mark', Buffer.from('"ä"'), Buffer.from('\ufeff"ä"')],
    ['UTF-8 with a mark', Buffer.from('\ufeff"ä"'), Buffer.from('\ufeff"ä"')],
    ['UTF-16', Buffer.from([0xff, 0xfe, 0x61, 0]), Buffer.from([0xff, 0xfe, 0x61, 0])],
    ['a code page', Buffer.from([0x22, 0xe4, 0x22]), Buffer.from([0x22, 0xe4, 0x22])],
  ])('of PowerShell keeps its meaning: %s', (_what, contents, expected) => {
    expect(Buffer.from(run('a.ps1', contents, WINDOWS).files[1]?.contents ?? [])).toEqual(expected);
  });

  it.each([
    ['a.bat', ['cmd.exe', '/d', '/c'], 'script.bat'],
    ['a.CMD', ['cmd.exe', '/d', '/c'], 'script.cmd'],
    ['a.py', ['py.exe', '-3', '-X', 'utf8'], 'script.py'],
  ])('%s', (path, before, name) => {
    expect(run(path, 'x', WINDOWS)).toMatchObject({ before, files: [{ name }] });
  });

  it('that is a batch file gets no argument that cmd.exe would read itself', () => {
    expect(() => run('a.bat', 'x', WINDOWS, ['%PATH%'])).toThrow('the argument %PATH%: a batch file cannot be given');
  });

  it('is no script of Linux', () => {
    expect(() => run('a.sh', '#!/bin/sh', WINDOWS)).toThrow('a.sh does not run in Windows 11');
  });
});
