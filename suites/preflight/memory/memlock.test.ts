import { describe, expect, it } from 'vitest';

import { aConfig, aDomain } from '../../../test/facts.ts';
import { someJudgedDomains } from '../../../test/host-facts.ts';
import type { SubjectOutcome } from '../../../src/engine/check.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Caller } from '../../../src/facts/caller.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import { LIMITS_PATH } from '../../../src/facts/process-limits.ts';
import check from './memlock.ts';

const GIB = 1024 ** 3;
const SESSION = aConfig({ connection: 'qemu:///session' });
const anna: Caller = { name: 'anna', uid: 1000, gid: 1000, groups: [1000], isRoot: false, sudoUser: null, pid: 4711 };
const win11 = aDomain({ pciDevices: [{ address: '0000:01:00.0', managed: true }] });

function judge(lockedMemoryHard: number, given: Partial<Parameters<typeof check.evaluate>[0]> = {}): Outcome | readonly SubjectOutcome[] {
  return check.evaluate({
    config: SESSION,
    judgedDomains: { ok: true, value: someJudgedDomains([{ definition: win11, state: 'shut off' }]) },
    processLimits: { ok: true, value: { lockedMemorySoft: 0, lockedMemoryHard } },
    caller: { ok: true, value: anna },
    ...given,
  });
}

describe(check.id, () => {
  it('is not applicable for qemu:///system, where libvirt raises the limit', () => {
    expect(judge(0, { config: aConfig() })).toMatchObject({ status: 'not-applicable' });
  });

  it('passes at exactly the memory and 1 GiB, or without a limit', () => {
    for (const limit of [9 * GIB, Number.POSITIVE_INFINITY])
      expect(judge(limit)).toMatchObject([{ subject: 'win11', outcome: { status: 'pass' } }]);
  });

  it('fails one byte below, and names file and user', () => {
    expect(judge(9 * GIB - 1)).toMatchObject([
      {
        outcome: {
          status: 'fail',
          evidence: [{ source: `${LIMITS_PATH} (Max locked memory, hard limit)`, expected: '9216 MiB' }],
          remedy: { steps: [{ line: 'anna - memlock 9437184' }, {}] },
        },
      },
    ]);
  });

  it('has nothing to judge for a domain without a device', () => {
    const judged = { ok: true, value: someJudgedDomains([{ definition: aDomain(), state: 'running' }]) } as const;
    expect(judge(0, { judgedDomains: judged })).toEqual([]);
  });

  it('could not look as root, whom the limit does not hold', () => {
    expect(judge(0, { caller: { ok: true, value: { ...anna, isRoot: true } } })).toMatchObject({ status: 'unknown' });
  });

  it.each(['judgedDomains', 'processLimits', 'caller'])('could not look without %s', (fact) => {
    const error = new FactError({ source: 'there', reason: 'not recorded' });
    expect(judge(9 * GIB, { [fact]: { ok: false, error } })).toMatchObject({ status: 'unknown', evidence: [{ source: 'there' }] });
  });
});
