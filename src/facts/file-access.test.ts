import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { memoryHost, type MemoryHost } from '../host/memory.ts';
import type { FileStat } from '../host/source.ts';
import { accessByList, parseAccessLists } from './access-lists.ts';
import { accessByMode, reachFile } from './file-access.ts';

const QEMU = { uid: 64_055, gids: [108, 64_055] };
const ISO = '/home/alice/iso/Win11.iso';

function aStat(mode: number, given: Partial<FileStat> = {}): FileStat {
  return { kind: 'directory', size: 0, mode, uid: 1000, gid: 1000, mtimeMs: 0, ...given };
}

/** As getfacl of acl 2.3.1 prints it after `setfacl -m u:64055:x /home/alice`. */
const WITH_ENTRY = `# file: /home/alice
# owner: 1000
# group: 1000
user::rwx
user:64055:--x
group::---
mask::--x
other::---

`;

function reach(home: number, more: Partial<MemoryHost> = {}) {
  const host = memoryHost({
    files: { [ISO]: 'x' },
    stats: { '/home/alice': { mode: home, uid: 1000, gid: 1000 }, '/home/alice/iso': { mode: 0o755, uid: 1000, gid: 1000 } },
    ...more,
  });
  return reachFile(host, ISO, QEMU, ['read']);
}

describe('accessByMode', () => {
  it('the owner is judged by the owner’s bits alone', () => {
    expect(accessByMode(aStat(0o077), { uid: 1000, gids: [1000] }, ['read'])).toBe('denied');
  });

  it('a member of the group is judged by the group’s bits alone', () => {
    expect(accessByMode(aStat(0o705), { uid: 7, gids: [1000] }, ['read'])).toBe('denied');
    expect(accessByMode(aStat(0o750), { uid: 7, gids: [1000] }, ['read', 'execute'])).toBe('granted');
  });

  it('anyone else is refused for sure when the group’s bits lack it too: they cap every list', () => {
    expect(accessByMode(aStat(0o700), QEMU, ['execute'])).toBe('denied');
    expect(accessByMode(aStat(0o710), QEMU, ['execute'])).toBe('depends');
    expect(accessByMode(aStat(0o701), QEMU, ['execute'])).toBe('granted');
  });

  it('root may do everything', () => expect(accessByMode(aStat(0), { uid: 0, gids: [0] }, ['read', 'write'])).toBe('granted'));
});

describe('reachFile', () => {
  it('reaches a file through folders that anyone may pass', async () => {
    expect(await reach(0o755)).toEqual({ state: 'reachable' });
  });

  it('stops at a private home folder, without asking getfacl', async () => {
    expect(await reach(0o700)).toMatchObject({ state: 'blocked', at: '/home/alice', stat: { mode: 0o700 } });
  });

  it('a list lets QEMU through', async () => {
    expect(await reach(0o710, { commands: { 'getfacl -p -n -- /home/alice': WITH_ENTRY } })).toEqual({ state: 'reachable' });
  });

  it('a list without an entry for QEMU does not', async () => {
    const list = WITH_ENTRY.replace('user:64055:--x\n', 'user:1001:--x\n');
    expect(await reach(0o710, { commands: { 'getfacl -p -n -- /home/alice': list } })).toMatchObject({
      state: 'blocked',
      at: '/home/alice',
    });
  });

  it('does not guess where getfacl is missing or fails', async () => {
    expect(await reach(0o750)).toMatchObject({ state: 'unknown', at: '/home/alice' });
    const failing = { 'getfacl -p -n -- /home/alice': { exitCode: 1, stdout: '', stderr: 'denied' } };
    expect(await reach(0o750, { commands: failing })).toMatchObject({ state: 'unknown', at: '/home/alice' });
  });

  it('walks the folders that a link leads through', async () => {
    const host = memoryHost({
      files: { '/data/secret/win.iso': 'x' },
      links: { '/var/lib/libvirt/iso': '/data/secret' },
      stats: { '/data/secret': { mode: 0o700 } },
    });
    expect(await reachFile(host, '/var/lib/libvirt/iso/win.iso', QEMU, ['read'])).toMatchObject({ state: 'blocked' });
  });

  it('says where it could not look', async () => {
    expect(await reach(0o755, { unreadable: { '/home/alice/iso': 'denied' } })).toMatchObject({ state: 'unknown', at: '/home/alice/iso' });
  });
});

describe('parseAccessLists', () => {
  it('an entry for the user is cut down to the mask', () => {
    const list = parseAccessLists(WITH_ENTRY.replace('mask::--x', 'mask::---')).get('/home/alice');
    expect(list && accessByList(list, aStat(0o700), QEMU, ['execute'])).toBe(false);
  });

  it('one of several groups is enough', () => {
    const list = parseAccessLists('# file: /d\ngroup::---\ngroup:108:r-x\t\t#effective:r-x\nmask::r-x\nother::---\n').get('/d');
    expect(list && accessByList(list, aStat(0o750), QEMU, ['read', 'execute'])).toBe(true);
  });

  it('knows names with blanks', () => {
    expect([...parseAccessLists('# file: /home/my\\040isos\nother::r-x\n').keys()]).toEqual(['/home/my isos']);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseAccessLists(`# file: /x\n${text}`)).toBeInstanceOf(Map);
      }),
    );
  });
});
