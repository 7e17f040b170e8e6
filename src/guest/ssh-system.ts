import type { GuestSystem } from './channel.ts';
import type { LoginShell } from './shell-words.ts';

/** What answers behind an SSH server. */
export interface SshSystem extends GuestSystem {
  readonly shell: LoginShell;
}

/**
 * A command that cmd.exe, PowerShell and all shells of POSIX take. Only cmd.exe puts the variable in place between percent signs, and only
 * PowerShell the one after the dollar sign.
 */
export const PROBE = 'echo %OS% $env:OS; uname -s; cat /etc/os-release';

/** The answer to {@link PROBE}. A shell that says nothing of it (csh stops at the dollar sign) is taken for one of POSIX. */
export function parseSystem(text: string): SshSystem {
  if (/^Windows_NT\b/.test(text)) return { shell: 'cmd', kind: 'windows', name: 'Windows' };
  if (/^Windows_NT\b/m.test(text)) return { shell: 'power-shell', kind: 'windows', name: 'Windows' };
  const kernel = /^%OS%.*\r?\n(\w{1,30})$/m.exec(text)?.[1];
  const pretty = /^PRETTY_NAME="?([^"\n]{1,200})"?$/m.exec(text)?.[1];
  return {
    shell: 'posix',
    kind: kernel === 'Linux' ? 'linux' : 'other',
    name: pretty ?? kernel ?? 'a system that does not say what it is',
  };
}
