import type { Attempt } from '../src/facts/fact.ts';
import type { Reach } from '../src/facts/file-access.ts';
import type { LookingGlassClient } from '../src/facts/looking-glass-client.ts';
import type { MemoryUser, SharedMemoryFile } from '../src/facts/looking-glass.ts';
import type { Platform } from '../src/facts/platform.ts';
import { ABSENT, ok, type Reading } from '../src/host/reading.ts';
import type { FileStat } from '../src/host/source.ts';
import { DEBIAN } from './facts.ts';

export const MIB = 1024 * 1024;
export const PLATFORM: Attempt<Platform> = { ok: true, value: DEBIAN };

export function aStat(given: Partial<FileStat> = {}): Reading<FileStat> {
  return ok({ kind: 'file', size: 64 * MIB, mode: 0o660, uid: 1000, gid: 108, mtimeMs: 0, ...given });
}

export function aUser(name: string, uid: number, reach: Reach | null = { state: 'reachable' }): Attempt<MemoryUser | null> {
  return { ok: true, value: { name, credentials: { uid, gids: [uid] }, reach } };
}

/** The shared memory of win11: 64 MiB, open to QEMU and alice, made at boot. */
export function aSharedFile(given: Partial<SharedMemoryFile> = {}): SharedMemoryFile {
  return {
    path: '/dev/shm/looking-glass',
    source: 'win11',
    sizeBytes: 64 * MIB,
    stat: aStat(),
    qemu: aUser('libvirt-qemu', 64_055),
    client: aUser('alice', 1000),
    tmpfiles: ok({ file: '/etc/tmpfiles.d/10-looking-glass.conf', line: 'f /dev/shm/looking-glass 0660 alice kvm -' }),
    header: ABSENT,
    seLinux: ABSENT,
    ...given,
  };
}

/** The kvmfr device of win11, 64 MiB. */
export function aDevice(given: Partial<SharedMemoryFile> = {}): SharedMemoryFile {
  return aSharedFile({ path: '/dev/kvmfr0', stat: aStat({ kind: 'character-device', size: 0, uid: 0 }), tmpfiles: ABSENT, ...given });
}

export function aClient(text: string, release: { number: number; isTagged: boolean } | null): Reading<LookingGlassClient> {
  return ok({ path: '/usr/bin/looking-glass-client', version: { text, release, source: 'dpkg-query' } });
}
