import { describe, expect, it } from 'vitest';

import type { Caller } from '../../../src/facts/caller.ts';
import { judgeOne } from '../../../test/judge.ts';
import check from './groups.ts';

const accounts = {
  users: [{ name: 'alice', uid: 1000, gid: 1000, home: '/home/alice' }],
  groups: [
    { name: 'alice', gid: 1000, members: [] },
    { name: 'libvirt', gid: 107, members: ['alice'] },
    { name: 'kvm', gid: 108, members: ['alice'] },
    { name: 'games', gid: 60, members: ['alice'] },
  ],
};
const caller: Caller = { name: 'alice', uid: 1000, gid: 1000, groups: [1000, 107, 108], isRoot: false, sudoUser: null, pid: 1 };

describe(check.id, () => {
  it('passes when every group that matters is in effect', () => {
    expect(check.evaluate({ accounts, caller })).toMatchObject({ status: 'pass', evidence: [{ observed: 'in effect: libvirt, kvm' }] });
  });

  it('fails for a group that needs a new login', () => {
    expect(check.evaluate({ accounts, caller: { ...caller, groups: [1000, 107] } })).toMatchObject({
      status: 'fail',
      message: 'not in effect until the next login: kvm',
      evidence: [{ source: '/etc/group', observed: 'alice is in kvm' }, { source: '/proc/self/status' }],
    });
  });

  it('does not look at groups that no VM needs', () => {
    expect(check.evaluate({ accounts: { ...accounts, groups: accounts.groups.slice(3) }, caller })).toMatchObject({ status: 'pass' });
  });

  it('has nothing to say of root, and does not pass under sudo', () => {
    const root = { ...caller, name: 'root', uid: 0, gid: 0, groups: [0], isRoot: true };
    expect(check.evaluate({ accounts, caller: root })).toMatchObject({ status: 'not-applicable' });
    expect(check.evaluate({ accounts, caller: { ...root, sudoUser: caller } })).toMatchObject({ status: 'unknown' });
  });

  it('judges under sudo the shell that sudo was started from', () => {
    const root = { ...caller, name: 'root', uid: 0, gid: 0, groups: [0], isRoot: true };
    const behind = (groups: number[]): Caller => ({
      ...root,
      sudoUser: { name: 'alice', uid: 1000, gid: 1000, process: { pid: 700, groups } },
    });
    expect(check.evaluate({ accounts, caller: behind([1000, 107, 108]) })).toMatchObject({ status: 'pass' });
    expect(check.evaluate({ accounts, caller: behind([1000, 107]) })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: 'alice is in kvm' }, { source: '/proc/700/status' }],
    });
  });

  it('is an error without /etc/group', async () => {
    expect(await judgeOne(check, {})).toMatchObject({ status: 'error' });
  });
});
