import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { listArgv } from '../libvirt/virsh.ts';
import { libvirt, parseListeningSockets } from './libvirt.ts';

const LIST = listArgv('qemu:///system', false).join(' ');
const socket = (path: string): NonNullable<MemoryHost['stats']> => ({ [path]: { kind: 'socket', mode: 0o777, uid: 0, gid: 0 } });
// As Linux 6.1 prints it: a listening socket has the flag 00010000, a connected one has not.
const HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
const UNIX = `${HEAD}0000000031da8d72: 00000002 00000000 00010000 0001 01 57128 /run/libvirt/libvirt-sock
0000000096b0772c: 00000003 00000000 00000000 0001 03 57129 /run/libvirt/virtqemud-sock
00000000e62867ff: 00000002 00000000 00010000 0001 01  1607 @/tmp/.X11-unix/X0
`;

describe('libvirt', () => {
  it('is monolithic by its socket, and answers', async () => {
    const host = { stats: socket('/run/libvirt/libvirt-sock'), commands: { [LIST]: '==' }, files: { '/proc/net/unix': UNIX } };
    expect(await valueOf(libvirt, host)).toMatchObject({
      mode: 'monolithic',
      socket: { value: { path: '/run/libvirt/libvirt-sock' } },
      isListening: { value: true },
      answer: { state: 'read' },
    });
  });

  it('is modular where virtqemud has a socket, although virtproxyd has one too', async () => {
    const stats = { ...socket('/run/libvirt/libvirt-sock'), ...socket('/run/libvirt/virtqemud-sock') };
    expect(await valueOf(libvirt, { stats })).toMatchObject({
      mode: 'modular',
      socket: { value: { path: '/run/libvirt/virtqemud-sock' } },
    });
  });

  it('takes the socket that something listens on before one that was left behind', async () => {
    const stats = { ...socket('/run/libvirt/libvirt-sock'), ...socket('/run/libvirt/virtqemud-sock') };
    expect(await valueOf(libvirt, { stats, files: { '/proc/net/unix': UNIX } })).toMatchObject({ mode: 'monolithic' });
  });

  it('knows an installed daemon that does not run', async () => {
    const value = await valueOf(libvirt, { files: { '/usr/sbin/libvirtd': '', '/proc/net/unix': HEAD } });
    expect(value).toMatchObject({
      mode: 'monolithic',
      daemon: { value: '/usr/sbin/libvirtd' },
      socket: { state: 'absent' },
      isListening: { value: false },
      answer: { state: 'no-virsh' },
    });
  });

  it('is monolithic on Ubuntu, which has the other programs too, unless those are switched on', async () => {
    const files = { '/etc/os-release': 'ID=ubuntu\n', '/usr/sbin/libvirtd': '', '/usr/sbin/virtqemud': '' };
    expect((await valueOf(libvirt, { files })).mode).toBe('monolithic');
    const links = { '/etc/systemd/system/sockets.target.wants/virtqemud.socket': '/usr/lib/systemd/system/virtqemud.socket' };
    expect((await valueOf(libvirt, { files, links })).mode).toBe('modular');
  });

  it('takes what starts at boot where both are installed', async () => {
    const files = { '/usr/sbin/libvirtd': '', '/usr/sbin/virtqemud': '' };
    const links = { '/etc/systemd/system/multi-user.target.wants/libvirtd.service': '/lib/systemd/system/libvirtd.service' };
    expect((await valueOf(libvirt, { files })).mode).toBe('modular');
    expect((await valueOf(libvirt, { files, links })).mode).toBe('monolithic');
  });

  it('knows nothing on a host without libvirt', async () => {
    expect(await valueOf(libvirt, {})).toMatchObject({ mode: null, daemon: { state: 'absent' }, version: null });
  });

  it.each([
    ['libvirt.so.0.9000.0', [9, 0]],
    ['libvirt.so.0.11003.0', [11, 3]],
    ['libvirt.so.0.7.1', null],
  ])('reads the version of %s', async (target, version) => {
    const links = { '/usr/lib64/libvirt.so.0': target };
    expect((await valueOf(libvirt, { links })).version).toEqual(version);
  });

  it('keeps a hidden folder apart from an absent one', async () => {
    const hidden = { '/run/libvirt/libvirt-sock': 'denied', '/run/libvirt/virtqemud-sock': 'denied' } as const;
    expect((await valueOf(libvirt, { unreadable: hidden })).socket.state).toBe('unreadable');
  });
});

describe('parseListeningSockets', () => {
  it('has only those of libvirt that something listens on', () => {
    expect([...parseListeningSockets(UNIX)]).toEqual(['libvirt-sock']);
  });

  it('takes /var/run for /run', () => {
    expect([...parseListeningSockets(UNIX.replace('/run', '/var/run'))]).toEqual(['libvirt-sock']);
  });

  it('takes any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...UNIX.split('\n'), '\n', ' ')).map((parts) => parts.join('')),
    );
    expect(fc.check(fc.property(text, (anything) => parseListeningSockets(anything).size < 3)).failed).toBe(false);
  });
});
