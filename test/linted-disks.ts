import type { DiskSource, LintedDisks } from '../src/facts/linted-disks.ts';
import { ABSENT, ok } from '../src/host/reading.ts';
import type { FileStat } from '../src/host/source.ts';

// Hand-made values of the fact about disks of linted domains.

export function aStat(given: Partial<FileStat> = {}): FileStat {
  return { kind: 'file', size: 64 * 1024 ** 2, mode: 0o600, uid: 0, gid: 0, mtimeMs: 0, ...given };
}

/** A raw image that QEMU's user may open. */
export function aDiskSource(path: string, given: Partial<DiskSource> = {}): DiskSource {
  const reach = { state: 'reachable' } as const;
  return { path, stat: ok(aStat()), reach, format: ok('raw'), formatFrom: path, backing: [], mountedAt: ABSENT, ...given };
}

export function someLintedDisks(sources: readonly DiskSource[], given: Partial<LintedDisks> = {}): LintedDisks {
  return {
    sources: new Map(sources.map((source) => [source.path, source])),
    links: new Map(),
    user: { ok: true, value: { name: 'libvirt-qemu', uid: 64055, gids: [64055] } },
    ...given,
  };
}
