import { describe, expect, it } from 'vitest';

import type { Step } from '../plan/model.ts';
import { subjectOf, uuidOf, virshCalls } from './steps.ts';

const uuid = '6f1f6b6e-8d5c-5b1a-9a53-0c9f6a1a9d01';
const xml = `<pool><uuid>${uuid}</uuid></pool>`;
const volume = { pool: 'homelab', volume: 'dc01.qcow2', path: '/pool/dc01.qcow2' };

/** Each step, and what virsh gets. */
const CALLS: readonly (readonly [Step, readonly string[]])[] = [
  [{ do: 'define-network', xml, replaces: null }, ['net-define FILE']],
  [{ do: 'start-network', uuid }, [`net-start ${uuid}`]],
  [{ do: 'autostart-network', uuid, on: true }, [`net-autostart ${uuid}`]],
  [{ do: 'autostart-network', uuid, on: false }, [`net-autostart ${uuid} --disable`]],
  [{ do: 'stop-network', uuid }, [`net-destroy ${uuid}`]],
  [{ do: 'undefine-network', uuid, replaces: xml }, [`net-undefine ${uuid}`]],
  [{ do: 'define-pool', xml, replaces: null }, ['pool-define FILE']],
  [{ do: 'build-pool', uuid }, [`pool-build ${uuid}`]],
  [{ do: 'start-pool', uuid }, [`pool-start ${uuid}`]],
  [{ do: 'autostart-pool', uuid, on: false }, [`pool-autostart ${uuid} --disable`]],
  [{ do: 'stop-pool', uuid }, [`pool-destroy ${uuid}`]],
  [{ do: 'undefine-pool', uuid, replaces: xml }, [`pool-undefine ${uuid}`]],
  [{ do: 'own-pool', uuid }, []],
  [{ do: 'create-volume', ...volume, xml }, ['vol-create --pool homelab --file FILE']],
  [{ do: 'recreate-volume', ...volume, xml }, ['vol-delete --pool homelab --vol dc01.qcow2', 'vol-create --pool homelab --file FILE']],
  [{ do: 'grow-volume', ...volume, toBytes: 2048 }, ['vol-resize --pool homelab --vol dc01.qcow2 --capacity 2048']],
  [{ do: 'grow-disk', uuid, path: '/pool/dc01.qcow2', toBytes: 2048 }, [`blockresize ${uuid} /pool/dc01.qcow2 --size 2048B`]],
  [{ do: 'own-volume', ...volume }, []],
  [{ do: 'delete-volume', ...volume }, ['vol-delete --pool homelab --vol dc01.qcow2']],
  [{ do: 'define-domain', uuid, xml, replaces: null }, ['define FILE']],
  [{ do: 'autostart-domain', uuid, on: true }, [`autostart ${uuid}`]],
  [{ do: 'shut-down-domain', uuid, timeoutMs: 1000 }, [`shutdown ${uuid} --mode agent`, `shutdown ${uuid} --mode acpi`]],
  [{ do: 'undefine-domain', uuid, replaces: xml, snapshotsMetadata: false }, [`undefine ${uuid} --keep-nvram --keep-tpm`]],
  [
    { do: 'undefine-domain', uuid, replaces: xml, snapshotsMetadata: true },
    [`undefine ${uuid} --keep-nvram --keep-tpm --snapshots-metadata`],
  ],
  [{ do: 'delete-nvram', uuid, path: '/a.fd' }, []],
  [{ do: 'delete-tpm', uuid, path: '/a' }, []],
];

describe('a step', () => {
  it.each(CALLS)('%o is %o', (step, calls) => {
    expect(virshCalls(step, 'FILE').map((words) => words.join(' '))).toEqual(calls);
  });

  it('never switches a VM off', () => {
    const words = CALLS.flatMap(([step]) => virshCalls(step, 'FILE').map(([verb]) => verb));
    expect(words).not.toContain('destroy');
    expect(words).not.toContain('reset');
  });

  it('about a pool or a volume is remembered by its UUID or path, others by their marks', () => {
    expect(subjectOf({ do: 'define-pool', xml, replaces: null })).toEqual({ subject: uuid, pool: null });
    expect(subjectOf({ do: 'undefine-pool', uuid, replaces: xml })).toEqual({ subject: uuid, pool: null });
    expect(subjectOf({ do: 'create-volume', ...volume, xml })).toEqual({ subject: '/pool/dc01.qcow2', pool: 'homelab' });
    expect(subjectOf({ do: 'define-domain', uuid, xml, replaces: null })).toEqual({ subject: null, pool: null });
    expect(subjectOf({ do: 'grow-disk', uuid, path: '/pool/dc01.qcow2', toBytes: 1 })).toEqual({ subject: null, pool: null });
  });

  it('has the UUID of what it defines', () => {
    expect(uuidOf({ do: 'define-network', xml, replaces: null })).toBe(uuid);
    expect(uuidOf({ do: 'create-volume', ...volume, xml: '<volume/>' })).toBeNull();
  });
});
