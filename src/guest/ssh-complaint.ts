import { GuestError } from './channel.ts';
import type { SshTarget } from './ssh-target.ts';

/** What ssh itself printed when it failed. */
export function sshError(target: SshTarget, complaint: string): GuestError {
  const { name, address, user, alias, knownHosts } = target;
  const last = complaint.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
  if (/IDENTIFICATION HAS CHANGED|Host key verification failed/.test(complaint))
    return new GuestError(
      'refused',
      `the host key of ${name} is another than before: it was installed anew, or something else answers at ${address}`,
      `When it was installed anew, forget the old key: ssh-keygen -f '${knownHosts}' -R '${alias ?? address}'`,
    );
  if (/Permission denied|Too many authentication failures/.test(complaint))
    return new GuestError(
      'refused',
      `${name} does not let ${user ?? 'this user'} in with a key: ${last}`,
      `Put your public key into the guest: ssh-copy-id ${user === null ? '' : `${user}@`}${address}; another key: --key FILE; another user: --user NAME`,
    );
  if (/timed? ?out/i.test(complaint)) return new GuestError('timed-out', `${name} did not answer over SSH: ${last}`, reachHint(name));
  return new GuestError('unreachable', `could not reach ${name} over SSH: ${last || 'ssh failed without a message'}`, reachHint(name));
}

function reachHint(name: string): string {
  return `See that it runs, and has an SSH server: passcheck vm wait ${name} --via ssh`;
}
