import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './smbios.ts';

const os = (mode: string): string => `<os>\n    <smbios mode='${mode}'/>\n  </os>`;
const SYSINFO = "<sysinfo type='smbios'><system><entry name='manufacturer'>ASUS</entry></system></sysinfo>";

describe(rule.id, () => {
  it("passes for QEMU's own tables", () => {
    expect(judgeOneDomain(rule, { body: os('emulate') })).toMatchObject({ status: 'pass' });
  });

  it('tells that tables of the host, or made up, are not needed', () => {
    expect(judgeOneDomain(rule, { body: os('host') })).toMatchObject({
      status: 'fail',
      message: 'the guest sees the tables of the host: harmless, and no GPU driver needs it',
      evidence: [{ source: 'win11.xml:9', observed: "<smbios mode='host'/>" }],
    });
    expect(judgeOneDomain(rule, { body: `${SYSINFO}${os('sysinfo')}` })).not.toHaveProperty('severity');
  });

  it('is a blocker where the tables are announced and missing', () => {
    expect(judgeOneDomain(rule, { body: os('sysinfo') })).toMatchObject({ status: 'fail', severity: 'blocker' });
    expect(judgeOneDomain(rule, { body: `<sysinfo type='fwcfg'/>${os('sysinfo')}` })).toMatchObject({ severity: 'blocker' });
  });

  it('tells that tables have no effect', () => {
    expect(judgeOneDomain(rule, { body: SYSINFO })).toMatchObject({ status: 'fail', message: expect.stringContaining('has no effect') });
  });

  it('says nothing of macOS, and where nothing is written', () => {
    expect(judgeOneDomain(rule, { os: null, name: 'macos', body: os('host') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { body: "<sysinfo type='fwcfg'/>" })).toMatchObject({ status: 'not-applicable' });
  });
});
