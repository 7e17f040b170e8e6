import { describe, expect, it } from 'vitest';

import type { Caller } from '../../../src/facts/caller.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { VfioGroupDevice } from '../../../src/facts/vfio-access.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import { aConfig } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import check from './session-access.ts';

const SESSION = aConfig({ connection: 'qemu:///session' });
const JANE: Caller = { name: 'jane', uid: 1000, gid: 1000, groups: [1000], isRoot: false, sudoUser: null, pid: 7 };

function aDevice(given: Partial<VfioGroupDevice> = {}): VfioGroupDevice {
  return {
    path: '/dev/vfio/12',
    devices: ['0000:01:00.0', '0000:01:00.1'],
    stat: ok({ kind: 'character-device', size: 0, mode: 0o600, uid: 1000, gid: 0, mtimeMs: 0 }),
    callerMayUse: ok(true),
    ...given,
  };
}

function judge(given: Partial<VfioGroupDevice>, caller = JANE) {
  const judged = check.evaluate({
    config: SESSION,
    caller: { ok: true, value: caller },
    vfioAccess: { ok: true, value: [aDevice(given)] },
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

describe(check.id, () => {
  it('passes when the device belongs to the user', () => {
    expect(judge({})).toMatchObject({ status: 'pass', evidence: [{ source: '/dev/vfio/12' }] });
  });

  it('fails when it belongs to root, as it does by default, with the rule that mends it', () => {
    const stat = ok({ kind: 'character-device', size: 0, mode: 0o600, uid: 0, gid: 0, mtimeMs: 0 } as const);
    expect(judge({ stat, callerMayUse: ok(false) })).toMatchObject({
      status: 'fail',
      message: 'jane may not open /dev/vfio/12',
      evidence: [{ source: '/dev/vfio/12', observed: 'mode 0600, uid 0, gid 0' }],
      remedy: { steps: [{ line: 'SUBSYSTEM=="vfio", OWNER="jane"' }, {}, {}] },
    });
  });

  it('fails when nothing is bound, for a session cannot bind', () => {
    expect(judge({ stat: ABSENT, callerMayUse: ABSENT })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: 'not there' }],
      remedy: { summary: expect.stringContaining('early-binding') },
    });
  });

  it('does not apply under qemu:///system, or when nothing is passed through', () => {
    const caller = { ok: true, value: JANE } as const;
    const nothing = { ok: true, value: [] } as const;
    expect(check.evaluate({ config: SESSION, caller, vfioAccess: nothing })).toMatchObject({ status: 'not-applicable' });
    const hidden = { ok: false, error: new FactError({ source: '/sys/bus/pci/devices', reason: 'hidden' }) } as const;
    expect(check.evaluate({ config: aConfig(), caller, vfioAccess: hidden })).toMatchObject({ status: 'not-applicable' });
    expect(check.evaluate({ config: SESSION, caller, vfioAccess: hidden })).toMatchObject({ status: 'unknown' });
  });

  it('does not pass for root, or when it was not recorded', async () => {
    expect(judge({}, { ...JANE, isRoot: true })).toMatchObject({ status: 'unknown' });
    expect(judge({ stat: unreadable('not-recorded', 'x') })).toMatchObject({ status: 'unknown' });
    expect(judge({ callerMayUse: unreadable('not-recorded', 'x') })).toMatchObject({ status: 'unknown' });
    expect(await judgeOne(check, {}, SESSION)).toMatchObject({ status: 'error' });
  });
});
