import { expect, it } from 'vitest';

import { memorySession } from '../../../test/memory-state.ts';
import { applied, desired, liveVolume, volume, world } from '../../../test/plan-world.ts';
import { settleBegun } from './settle.ts';

const spec = desired({ volumes: [volume()] });
const [wanted = volume()] = spec.volumes;

function settled(owner: string, there = applied(spec)): string | undefined {
  const state = memorySession();
  const entry = { command: 'apply', object: { kind: 'volume', name: 'dc01' }, step: 'create-volume', message: null } as const;
  state.record({ ...entry, owner, state: 'begun', subject: wanted.path, pool: wanted.pool });
  settleBegun(state, { desired: spec, world: there });
  return state.owned.volumes.get(wanted.path)?.state;
}

it('a volume whose making was never seen to end is made when it is there as it should be', () => {
  expect(settled('lab')).toBe('made');
});

it('one that is not there, or is of another spec, stays begun', () => {
  expect(settled('lab', world({ volumes: [liveVolume({ path: '/pools/homelab/other.qcow2' })] }))).toBe('begun');
  expect(settled('other')).toBe('begun');
});
