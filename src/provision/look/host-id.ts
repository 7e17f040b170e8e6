import { createHash } from 'node:crypto';

import { readAttribute } from '../../facts/read.ts';
import type { HostSource } from '../../host/source.ts';
import { UsageError } from '../../usage-error.ts';

/**
 * Which machine this is: a hash of its machine-id, which is secret. Of its name where it has none (containers, first boots). 32 hex digits.
 * Throws a `UsageError` when neither can be read. machine-id(5)
 */
export function hostIdOf(host: HostSource): string {
  const machine = readAttribute(host, '/etc/machine-id');
  if (machine.state === 'ok' && /^[0-9a-f]{32}$/.test(machine.value)) return digest(`passcheck machine-id ${machine.value}`);
  if (machine.state === 'unreadable') {
    throw new UsageError(
      `/etc/machine-id: ${machine.detail}; what is made here is named by it. Make it readable: chmod 444 /etc/machine-id`,
    );
  }
  const name = readAttribute(host, '/proc/sys/kernel/hostname');
  if (name.state === 'ok' && name.value !== '') return digest(`passcheck host name ${name.value}`);
  throw new UsageError('this machine has neither an id nor a name to tell it from others. Make an id: systemd-machine-id-setup');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
