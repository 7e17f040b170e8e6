import { describe, expect, it } from 'vitest';

import { memoryHost, type MemoryHost } from '../host/memory.ts';
import { ABSENT, ok, type Reading, unreadable } from '../host/reading.ts';
import type { FileStat } from '../host/source.ts';
import { FactError } from './fact-error.ts';
import { readMemoryLabel } from './memory-label.ts';
import type { SecurityModules } from './security-modules.ts';

const PATH = '/dev/shm/looking-glass';
const ARGV = `stat --format=%C -- ${PATH}`;
const STAT: Reading<FileStat> = ok({ kind: 'file', size: 0, mode: 0o660, uid: 1000, gid: 36, mtimeMs: 0 });
const CONF = { ok: true, value: { path: '/etc/libvirt/qemu.conf', exists: false, settings: [], problem: null } } as const;
const HIDDEN = { ok: false, error: new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'permission denied' }) } as const;

function modules(seLinux: SecurityModules['seLinux']) {
  return { ok: true, value: { appArmor: ABSENT, seLinux } } as const;
}

const ENFORCING = modules(ok({ isEnforcing: true, localModules: ok(['my-looking-glass']) }));

function read(host: MemoryHost, given = ENFORCING, conf: Parameters<typeof readMemoryLabel>[3] = CONF, stat = STAT) {
  return readMemoryLabel(memoryHost(host), { path: PATH, stat }, given, conf);
}

describe('readMemoryLabel', () => {
  it('has the context, and whether a module of the administrator speaks of it', async () => {
    expect(await read({ commands: { [ARGV]: 'system_u:object_r:svirt_tmpfs_t:s0\n' } })).toEqual(
      ok({ context: ok('system_u:object_r:svirt_tmpfs_t:s0'), isConfined: ok(true), hasLocalModule: true }),
    );
  });

  it('is absent where SELinux is not, or only warns', async () => {
    expect(await read({}, modules(ABSENT))).toEqual(ABSENT);
    expect(await read({}, modules(ok({ isEnforcing: false, localModules: ABSENT })))).toEqual(ABSENT);
  });

  it('keeps what could not be looked at', async () => {
    expect(await read({}, modules(unreadable('not-recorded', 'x')))).toMatchObject({ state: 'unreadable' });
    expect(await read({})).toMatchObject({ value: { context: { state: 'unreadable' } } });
    expect(await read({ unreadable: { [ARGV]: 'timed-out' } })).toMatchObject({ value: { context: { reason: 'timed-out' } } });
    expect(await read({ commands: { [ARGV]: '?\n' } }, ENFORCING, HIDDEN)).toMatchObject({
      value: { context: { state: 'unreadable' }, isConfined: { state: 'unreadable' } },
    });
  });

  it('has no context of a file that is not there', async () => {
    expect(await read({}, ENFORCING, CONF, ABSENT)).toMatchObject({ value: { context: { state: 'absent' } } });
  });
});
