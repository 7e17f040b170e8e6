import type { FileCommands } from './file-commands.ts';
import { powerShell, powerShellText } from './power-shell.ts';

/** Cmdlets would load modules, which takes seconds: .NET is there already. Get-FileHash is younger than Windows 8. */
const HASH = `function Sum($stream) { try { ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($stream)) -replace '-', '').ToLower() } finally { $stream.Dispose() } }
`;

/** Windows PowerShell 3 and later. */
export const windowsFiles: FileCommands = {
  prepare: (path, token) =>
    script({ path, draft: `${path}.${token}.draft` }, [
      `if ([IO.Directory]::Exists($path)) { throw "$path is a folder: end it with \\ to copy into it" }`,
      '([IO.File]::Open($draft, "CreateNew")).Dispose()',
    ]),
  place: (draft, place, sha256) =>
    script({ draft, place, sha256 }, [
      `${HASH}if ((Sum ([IO.File]::OpenRead($draft))) -ne $sha256) { throw 'its checksum is not that of the file here: it was damaged on the way' }`,
      // Replace keeps the access list of the old file.
      'if ([IO.File]::Exists($place)) { [IO.File]::Replace($draft, $place, [NullString]::Value) } else { [IO.File]::Move($draft, $place) }',
    ]),
  discard: (draft) => script({ draft }, ['[IO.File]::Delete($draft)']),
  size: (path) =>
    script({ path }, [
      `if ([IO.Directory]::Exists($path)) { throw 'it is no file' }`,
      `if (-not [IO.File]::Exists($path)) { throw 'there is no such file' }`,
      '[Console]::Out.Write((New-Object IO.FileInfo $path).Length)',
    ]),
  digest: (path, bytes) =>
    script({ path }, [
      `${HASH}$file = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite')`,
      `if ($file.Length -ne ${bytes}) { throw 'it changed while it was copied' }`,
      '[Console]::Out.Write((Sum $file))',
    ]),
  makeFolder: (token) =>
    script({ token }, [
      '$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "passcheck-$token")',
      '[void][IO.Directory]::CreateDirectory($folder)',
      '[Console]::Out.Write($folder)',
    ]),
  removeFolder: (folder) => script({ folder }, ['[IO.Directory]::Delete($folder, $true)']),
};

function script(words: Readonly<Record<string, string>>, lines: readonly string[]): string[] {
  const set = Object.entries(words).map(([name, value]) => `$${name} = ${powerShellText(value)}`);
  return powerShell([...set, ...lines].join('\n'));
}
