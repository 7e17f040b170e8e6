import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { accounts, configuredGroups, parseGroups, parsePasswd } from './accounts.ts';

// Lines of a Debian 12 machine with libvirt.
const PASSWD = 'root:x:0:0:root:/root:/bin/bash\nlibvirt-qemu:x:64055:108:Libvirt Qemu,,,:/var/lib/libvirt:/usr/sbin/nologin\n';
const GROUP = 'root:x:0:\nlibvirt:x:107:alice,bob\nkvm:x:108:\nlibvirt-qemu:x:64055:libvirt-qemu\n';

describe('accounts', () => {
  it('reads users with their ids and groups with their members', async () => {
    const known = await valueOf(accounts, { files: { '/etc/passwd': PASSWD, '/etc/group': GROUP } });
    expect(known.users[1]).toEqual({ name: 'libvirt-qemu', uid: 64055, gid: 108, home: '/var/lib/libvirt' });
    expect(known.groups[1]).toEqual({ name: 'libvirt', gid: 107, members: ['alice', 'bob'] });
  });

  it('adds the system users that Fedora Atomic keeps in /usr/lib', async () => {
    const files = { '/etc/passwd': PASSWD, '/etc/group': GROUP, '/usr/lib/passwd': 'qemu:x:107:107:qemu user:/:/sbin/nologin\n' };
    const known = await valueOf(accounts, { files });
    expect(known.users.map(({ name }) => name)).toEqual(['root', 'libvirt-qemu', 'qemu']);
  });

  it('is an error when /etc/passwd cannot be read', async () => {
    const attempt = await collect(accounts, { files: { '/etc/group': GROUP }, unreadable: { '/etc/passwd': 'not-recorded' } });
    expect(attempt).toMatchObject({ ok: false, error: { source: '/etc/passwd' } });
  });

  it('gives the primary group and those that list the user', () => {
    const known = { users: parsePasswd(PASSWD), groups: parseGroups(GROUP) };
    const names = configuredGroups(known, { name: 'libvirt-qemu', gid: 108 }).map(({ name }) => name);
    expect(names).toEqual(['kvm', 'libvirt-qemu']);
  });

  it('skips NIS entries, comments and broken lines', () => {
    expect(parsePasswd('+::::::\n#x:x:1:1::/:\nbroken\nok:x:1:2::/home/ok:/bin/sh\nok:x:9:9::/:')).toEqual([
      { name: 'ok', uid: 1, gid: 2, home: '/home/ok' },
    ]);
    expect(parseGroups('+:::\n:x:1:\nwheel:x:no:a\nwheel:*:10:a, b,')).toEqual([{ name: 'wheel', gid: 10, members: ['a', 'b'] }]);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { uid } of parsePasswd(text)) expect(uid).toBeGreaterThanOrEqual(0);
        for (const { gid } of parseGroups(text)) expect(gid).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
