import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './hypervisor-bit.ts';

const QEMU = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
const OFF = "<cpu mode='host-passthrough'><feature policy='disable' name='hypervisor'/></cpu>";

describe(rule.id, () => {
  it.each(['', "<cpu mode='host-passthrough'/>", "<cpu mode='host-passthrough'><feature policy='require' name='hypervisor'/></cpu>"])(
    'passes with "%s"',
    (body) => {
      expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
    },
  );

  it('fails when it is switched off, and says what else that takes away', () => {
    expect(judgeOneDomain(rule, { body: OFF })).toMatchObject({
      status: 'fail',
      message: 'Windows cannot see the hypervisor',
      evidence: [{ source: 'win11.xml:8', observed: "<feature policy='disable' name='hypervisor'/>" }],
    });
    expect(judgeOneDomain(rule, { body: `<features><hyperv/></features>${OFF}` })).toMatchObject({
      message: 'Windows cannot see the hypervisor, and everything in <hyperv> is without effect',
    });
  });

  it('sees it on the QEMU command line, too', () => {
    const body = "<qemu:commandline><qemu:arg value='-cpu'/><qemu:arg value='host,-hypervisor'/></qemu:commandline>";
    expect(judgeOneDomain(rule, { attributes: QEMU, body })).toMatchObject({ status: 'fail' });
  });

  it('is not applicable to other systems', () => {
    expect(judgeOneDomain(rule, { os: null, name: 'arch', body: OFF })).toMatchObject({ status: 'not-applicable' });
  });
});
