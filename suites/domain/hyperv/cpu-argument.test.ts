import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './cpu-argument.ts';

const withCpu = (value: string, option = '-cpu') => ({
  attributes: "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
  body: `<qemu:commandline><qemu:arg value='${option}'/><qemu:arg value='${value}'/></qemu:commandline>`,
});

describe(rule.id, () => {
  it('passes without -cpu', () => {
    expect(judgeOneDomain(rule, withCpu('enable=on', '-overcommit'))).toMatchObject({ status: 'pass' });
  });

  it.each(['-cpu', '--cpu'])('fails with %s, and names what Windows then lacks', (option) => {
    expect(judgeOneDomain(rule, withCpu('host,kvm=off,hv_relaxed,hv-vapic=on,hv_stimer=off', option))).toMatchObject({
      status: 'fail',
      message: '-cpu replaces the CPU of libvirt, and is without vpindex, synic, stimer, hypervclock',
      evidence: [{ observed: "<qemu:arg value='host,kvm=off,hv_relaxed,hv-vapic=on,hv_stimer=off'/>" }],
    });
  });

  it.each(['host,hv_relaxed,hv_vapic,hv_vpindex,hv_synic,hv_stimer,hv_time,hv_spinlocks=0x1fff', 'host,hv-passthrough'])(
    'is minor with %s',
    (value) => {
      expect(judgeOneDomain(rule, withCpu(value))).toMatchObject({
        status: 'fail',
        severity: 'minor',
        message: '-cpu replaces the CPU of libvirt',
      });
    },
  );

  it.each([
    ['of macOS, which needs it', { ...withCpu('Penryn,vendor=GenuineIntel'), os: null, name: 'macOS' }],
    ['without KVM', { ...withCpu('max'), attributes: "type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'" }],
  ])('says nothing of a guest %s', (_what, parts) => {
    expect(judgeOneDomain(rule, parts)).toMatchObject({ status: 'not-applicable' });
  });
});
