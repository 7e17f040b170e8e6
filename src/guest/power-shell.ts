// A service may have no console, so no encoding of one.
const PREAMBLE = `$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { }
`;

/**
 * Runs lines of Windows PowerShell. They travel as one word of letters and digits, so nothing on the way (the agent, cmd.exe, sshd) can
 * read them in its own manner. What they throw goes to standard error, as text.
 */
export function powerShell(lines: string): string[] {
  const script = `${PREAMBLE}try {\n${lines}\n} catch { [Console]::Error.Write($_.Exception.Message); exit 1 }\n`;
  return ['powershell.exe', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-EncodedCommand', encoded(script)];
}

/** A literal string of PowerShell, which takes typographic quotes for quotes, too. */
export function powerShellText(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

function encoded(script: string): string {
  return Buffer.from(script, 'utf16le').toString('base64');
}
