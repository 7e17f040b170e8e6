import { expect, it } from 'vitest';

import { parseSystem } from './ssh-system.ts';

it.each([
  ['Windows_NT $env:OS; uname -s; cat /etc/os-release\r\n', { shell: 'cmd', kind: 'windows', name: 'Windows' }],
  ['%OS%\r\nWindows_NT\r\n', { shell: 'power-shell', kind: 'windows', name: 'Windows' }],
  [
    '%OS% :OS\nLinux\nNAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    { shell: 'posix', kind: 'linux', name: 'Debian GNU/Linux 12 (bookworm)' },
  ],
  ['%OS% :OS\nLinux\n', { shell: 'posix', kind: 'linux', name: 'Linux' }],
  // fish leaves out what it does not know.
  ['%OS%\nFreeBSD\n', { shell: 'posix', kind: 'other', name: 'FreeBSD' }],
  ['', { shell: 'posix', kind: 'other', name: 'a system that does not say what it is' }],
  ['Welcome!\n%OS% :OS\nLinux\nPRETTY_NAME=Alpine\n', { shell: 'posix', kind: 'linux', name: 'Alpine' }],
])('%j', (text, system) => {
  expect(parseSystem(text)).toEqual(system);
});
