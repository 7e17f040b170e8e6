import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { caller, parseProcessStatus } from './caller.ts';

const STATUS = '/proc/self/status';
const files = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000:Alice:/home/alice:/bin/bash\n',
  '/etc/group': 'root:x:0:\nalice:x:1000:\n',
};
const status = (uid: number, groups: string): string =>
  `Name:\tnode\nState:\tR (running)\nTgid:\t812\nPid:\t812\nPPid:\t811\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}\nFDSize:\t64\nGroups:\t${groups} \nNStgid:\t812\n`;

describe('caller', () => {
  it('is the user of the process with the groups in effect', async () => {
    const value = await valueOf(caller, { files: { ...files, [STATUS]: status(1000, '24 27 1000') } });
    expect(value).toEqual({ name: 'alice', uid: 1000, gid: 1000, groups: [1000, 24, 27], isRoot: false, sudoUser: null, pid: 812 });
  });

  it('is the effective user, not the real one', () => {
    expect(parseProcessStatus('Uid:\t1000\t0\t0\t0\nGid:\t1000\t0\t0\t0\nGroups:\t\n')).toMatchObject({ uid: 0, gid: 0, groups: [0] });
  });

  it('knows the user behind sudo', async () => {
    const environment = { SUDO_USER: 'alice', SUDO_UID: '1000', SUDO_GID: '1000' };
    const value = await valueOf(caller, { files: { ...files, [STATUS]: status(0, '0') }, environment });
    expect(value).toMatchObject({ isRoot: true, sudoUser: { name: 'alice', uid: 1000, gid: 1000 } });
  });

  it('finds the process that sudo was started from, whose groups are in effect', async () => {
    const environment = { SUDO_USER: 'alice', SUDO_UID: '1000', SUDO_GID: '1000' };
    const tree = {
      [STATUS]: status(0, '0'),
      '/proc/811/status': status(0, '0').replace('PPid:\t811', 'PPid:\t700'),
      '/proc/700/status': status(1000, '107 1000'),
    };
    const value = await valueOf(caller, { files: { ...files, ...tree }, environment });
    expect(value.sudoUser?.process).toEqual({ pid: 700, groups: [1000, 107] });
  });

  it('finds no such process when its ancestors go round in a circle, or are hidden', async () => {
    const environment = { SUDO_USER: 'alice', SUDO_UID: '1000', SUDO_GID: '1000' };
    const circle = { [STATUS]: status(0, '0'), '/proc/811/status': status(0, '0') };
    expect((await valueOf(caller, { files: { ...files, ...circle }, environment })).sudoUser?.process).toBeNull();
    const unreadable = { '/proc/811/status': 'not-recorded' } as const;
    expect(
      (await valueOf(caller, { files: { ...files, [STATUS]: status(0, '0') }, environment, unreadable })).sudoUser?.process,
    ).toBeNull();
  });

  it.each([
    ['root used sudo', 0, { SUDO_USER: 'root', SUDO_UID: '0', SUDO_GID: '0' }],
    ['the variables are not numbers', 0, { SUDO_USER: 'alice', SUDO_UID: '-1; rm', SUDO_GID: '' }],
    ['an ordinary user set them', 1000, { SUDO_USER: 'bob', SUDO_UID: '1001', SUDO_GID: '1001' }],
  ])('sees nobody behind sudo when %s', async (_when, uid, environment) => {
    const value = await valueOf(caller, { files: { ...files, [STATUS]: status(uid, '') }, environment });
    expect(value.sudoUser).toBeNull();
  });

  it('works without /etc/passwd, with numbers alone', async () => {
    const value = await valueOf(caller, { files: { [STATUS]: status(1000, '') } });
    expect(value).toMatchObject({ name: null, uid: 1000 });
  });

  it('is an error when the process cannot be looked at', async () => {
    expect(await collect(caller, {})).toMatchObject({ ok: false, error: { source: STATUS } });
    expect(await collect(caller, { files: { [STATUS]: '\u{0}\u{1}' } })).toMatchObject({ ok: false, error: { source: STATUS } });
  });

  it('takes any text', () => {
    const anything = fc.string({ unit: 'binary' });
    expect(fc.check(fc.property(anything, (text) => parseProcessStatus(text) !== undefined)).failed).toBe(false);
  });
});
