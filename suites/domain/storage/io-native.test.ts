import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './io-native.ts';

const disk = (driver: string, target = 'vda'): string =>
  `<disk type='file'>\n      <driver ${driver}/>\n      <target dev='${target}'/>\n    </disk>`;

describe(rule.id, () => {
  it.each(['none', 'directsync'])("passes io='native' with cache='%s'", (cache) => {
    expect(judgeOneDomain(rule, { devices: disk(`io='native' cache='${cache}'`) })).toMatchObject({ status: 'pass' });
  });

  it.each([
    ["cache='writeback'", "cache='writeback'"],
    ["cache='default'", "cache='default'"],
    ["cache=''", "cache=''"],
    ['', 'no cache mode'],
  ])("fails with io='native' and %s", (driver, said) => {
    expect(judgeOneDomain(rule, { devices: disk(`name='qemu' io='native' ${driver}`) })).toMatchObject({
      status: 'fail',
      message: `disk vda has io='native' with ${said}`,
      evidence: [{ source: 'win11.xml:10', observed: "io='native'", expected: "cache='none' or cache='directsync'" }],
    });
  });

  it('names each of several disks', () => {
    const devices = [disk("io='native'", 'vda'), disk("io='native' cache='none'", 'vdb'), disk("io='native'", 'vdc')].join('');
    expect(judgeDomain(rule, { devices })).toMatchObject([
      { message: expect.stringContaining('vda') },
      { message: expect.stringContaining('vdc') },
    ]);
  });

  it('says nothing of other ways of I/O', () => {
    expect(judgeOneDomain(rule, { devices: disk("io='io_uring' cache='writeback'") })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { devices: '<disk/>' })).toMatchObject({ status: 'not-applicable' });
  });
});
