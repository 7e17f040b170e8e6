import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './seclabel.ts';

describe(rule.id, () => {
  it.each([
    '',
    "<seclabel type='dynamic' model='apparmor' relabel='yes'/>",
    "<seclabel type='static' model='dac'><label>root:root</label></seclabel>",
  ])('passes with "%s"', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it('passes for a disk that has no label of its own', () => {
    const devices = "<disk><source file='/a'><seclabel model='none' relabel='no' type='none'/></source></disk>";
    expect(judgeOneDomain(rule, { devices })).toMatchObject({ status: 'pass' });
  });

  it('fails for a VM without a label', () => {
    expect(judgeOneDomain(rule, { body: "<seclabel type='none'/>" })).toMatchObject({
      status: 'fail',
      message: 'nothing confines the VM',
      evidence: [{ source: 'win11.xml:8', observed: "type='none'" }],
    });
  });

  it('names the one that is off beside another that is on', () => {
    const body = "<seclabel type='dynamic' model='dac'/><seclabel type='none' model='selinux'/>";
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'fail', message: 'nothing confines the VM by selinux' });
  });

  it('says nothing of a container', () => {
    expect(judgeOneDomain(rule, { attributes: "type='lxc'", body: "<seclabel type='none'/>" })).toMatchObject({ status: 'not-applicable' });
  });
});
