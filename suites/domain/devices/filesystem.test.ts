import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './filesystem.ts';

const folder = (driver: string): string => `<filesystem type='mount'>${driver}<source dir='/srv'/><target dir='share'/></filesystem>`;

describe(rule.id, () => {
  it('passes virtiofs, and says what the guest needs', () => {
    expect(judgeOneDomain(rule, { devices: folder("<driver type='virtiofs'/>") })).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('WinFsp'),
    });
  });

  it.each(['', "<driver type='path'/>", "<driver type='handle'/>"])('fails on 9p (%s)', (driver) => {
    expect(judgeOneDomain(rule, { devices: folder(driver) })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: "<filesystem type='mount'>" }],
    });
  });

  it('says nothing without a shared folder, and of guests that are not Windows', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: null, devices: folder('') })).toMatchObject({ status: 'not-applicable' });
  });
});
