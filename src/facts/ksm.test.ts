import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { ABSENT, ok } from '../host/reading.ts';
import { ksm, KSM_PATH } from './ksm.ts';

describe('ksm', () => {
  it.each([
    ['0\n', 'stopped'],
    ['1\n', 'running'],
    ['2\n', 'unmerging'],
  ])('reads %j as %s', async (text, state) => {
    expect(await valueOf(ksm, { files: { [KSM_PATH]: text } })).toEqual({ state: ok(state) });
  });

  it('tells a kernel without it from one that hides it', async () => {
    expect(await valueOf(ksm, {})).toEqual({ state: ABSENT });
    expect(await valueOf(ksm, { files: { [KSM_PATH]: 'x\n' } })).toMatchObject({ state: { state: 'unreadable' } });
    expect(await valueOf(ksm, { unreadable: { [KSM_PATH]: 'denied' } })).toMatchObject({ state: { state: 'unreadable' } });
  });
});
