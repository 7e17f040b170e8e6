import { describe, expect, it } from 'vitest';

import { plan } from '../../../test/plan-steps.ts';
import { desired, GiB, livePool, look, pool, remarks, volume } from '../../../test/plan-world.ts';
import { ok } from '../../host/reading.ts';
import type { HostLook } from '../host-look.ts';

const spec = desired({ pools: [pool()], volumes: [volume(), volume({ label: 'sccm01', capacityBytes: 100 * GiB })] });
const free = (bytes: number) => ({ freeBytes: new Map([['/pools/homelab', ok(bytes)]]) });

function said(host: Partial<HostLook>): readonly string[] {
  return remarks(plan(spec, { pools: [livePool()] }, { look: look(host) }));
}

describe('space', () => {
  it('for all of every disk is nothing to speak of', () => {
    expect(said(free(160 * GiB))).toEqual([]);
  });

  it('for less is a note: images take it as they are written', () => {
    expect(said(free(160 * GiB - 1))).toEqual([
      'note: 159.9 GiB are free for /pools/homelab, and full disks would take 160 GiB more (for dc01 and sccm01)',
    ]);
    expect(said(free(GiB))).toHaveLength(1);
  });

  it('of next to nothing refuses', () => {
    expect(said(free(GiB - 1))).toEqual([
      'refused: 1023.9 MiB are free for /pools/homelab, which is too little for any VM (for dc01 and sccm01)',
    ]);
  });

  it('that nobody could look at is a note', () => {
    expect(said({ freeBytes: new Map() })).toEqual([
      'note: could not look how much space is free for /pools/homelab (for dc01 and sccm01)',
    ]);
  });
});
