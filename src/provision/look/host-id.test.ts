import { describe, expect, it } from 'vitest';

import { memoryHost } from '../../host/memory.ts';
import { UsageError } from '../../usage-error.ts';
import { hostIdOf } from './host-id.ts';

const MACHINE = '0123456789abcdef0123456789abcdef';
const NAME = { '/proc/sys/kernel/hostname': 'atlas\n' };

function idWith(files: Readonly<Record<string, string>>): string {
  return hostIdOf(memoryHost({ files }));
}

describe('hostIdOf', () => {
  it('is the same for ever, and does not show the machine-id', () => {
    const id = idWith({ '/etc/machine-id': `${MACHINE}\n`, ...NAME });
    expect(id).toBe('692004ba1ed65cfada281e37fdeefb27');
    expect(idWith({ '/etc/machine-id': MACHINE })).toBe(id);
    expect(id).not.toContain(MACHINE.slice(0, 8));
  });

  it('goes by the name where there is no id, and never takes one for the other', () => {
    const byName = idWith(NAME);
    expect(idWith({ ...NAME, '/etc/machine-id': '' })).toBe(byName);
    expect(idWith({ ...NAME, '/etc/machine-id': 'uninitialized\n' })).toBe(byName);
    expect(idWith({ '/proc/sys/kernel/hostname': MACHINE })).not.toBe(idWith({ '/etc/machine-id': MACHINE }));
  });

  it('does not guess where the id is hidden, or there is neither', () => {
    expect(() => hostIdOf(memoryHost({ files: NAME, unreadable: { '/etc/machine-id': 'denied' } }))).toThrow(UsageError);
    expect(() => idWith({})).toThrow(/systemd-machine-id-setup/);
  });
});
