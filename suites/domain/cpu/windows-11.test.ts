import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './windows-11.ts';

const model = (name: string, features = ''): string => `<cpu mode='custom'><model>${name}</model>${features}</cpu>`;
const required = (name: string): string => `<feature policy='require' name='${name}'/>`;

const argument = (value: string): string => `<qemu:commandline><qemu:arg value='-cpu'/><qemu:arg value='${value}'/></qemu:commandline>`;

describe(rule.id, () => {
  it.each([
    "<cpu mode='host-passthrough'/>",
    "<cpu mode='host-model'/>",
    model('Nehalem'),
    model('EPYC'),
    model('qemu64', required('sse4.2') + required('popcnt')),
  ])('passes with %s', (body) => {
    expect(judgeOneDomain(rule, { body })).toMatchObject({ status: 'pass' });
  });

  it.each(['qemu64', 'kvm64', 'core2duo', 'Conroe', 'Penryn'])('fails with %s', (name) => {
    expect(judgeOneDomain(rule, { body: model(name) })).toMatchObject({
      status: 'fail',
      message: `the processor ${name} has no sse4.2 and no popcnt, without which Windows 11 24H2 does not boot`,
    });
  });

  it('fails where no processor is named, where one of both is missing, and where one is switched off', () => {
    expect(judgeOneDomain(rule, { body: '' })).toMatchObject({ status: 'fail', message: expect.stringContaining('qemu64') });
    expect(judgeOneDomain(rule, { body: model('Penryn', required('sse4.2')) })).toMatchObject({
      message: expect.stringContaining('has no popcnt,'),
    });
    const off = "<cpu mode='host-passthrough'><feature policy='disable' name='popcnt'/></cpu>";
    expect(judgeOneDomain(rule, { body: off })).toMatchObject({ status: 'fail' });
  });

  it('obeys -cpu of the QEMU command line', () => {
    const attributes = "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
    expect(judgeOneDomain(rule, { attributes, body: model('Penryn') + argument('host') })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { attributes, body: argument('Penryn,+sse4.2,+popcnt') })).toMatchObject({ status: 'pass' });
  });

  it('says nothing of other systems', () => {
    expect(judgeOneDomain(rule, { os: 'win/10', body: model('Penryn') })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { os: null, name: 'macos', body: model('Penryn') })).toMatchObject({ status: 'not-applicable' });
  });
});
