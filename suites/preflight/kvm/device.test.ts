import { describe, expect, it } from 'vitest';

import { aConfig, DEBIAN } from '../../../test/facts.ts';
import type { Caller } from '../../../src/facts/caller.ts';
import type { Cpu } from '../../../src/facts/cpu.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { KvmDevice } from '../../../src/facts/kvm-device.ts';
import type { QemuUser } from '../../../src/facts/qemu-user.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import type { FileStat } from '../../../src/host/source.ts';
import check from './device.ts';

const stat = (given: Partial<FileStat> = {}): FileStat => ({
  kind: 'character-device',
  size: 0,
  mode: 0o660,
  uid: 0,
  gid: 108,
  mtimeMs: 0,
  ...given,
});
const value = <T>(given: T): Attempt<T> => ({ ok: true, value: given });
const unknown: Attempt<never> = {
  ok: false,
  error: new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'permission denied', hint: 'as root' }),
};
const QEMU: QemuUser = {
  name: 'libvirt-qemu',
  uid: 64055,
  gid: 64055,
  source: 'default of debian',
  groups: [{ name: 'kvm', gid: 108, members: [] }],
};
const CPU: Cpu = {
  vendor: 'amd',
  modelName: null,
  flags: new Set(['svm']),
  microcode: null,
  isNested: false,
  hypervisor: null,
  kvmModule: ABSENT,
  isKvmActive: ok(false),
};
const ALICE: Caller = { name: 'alice', uid: 1000, gid: 1000, groups: [1000], isRoot: false, sudoUser: null, pid: 1 };

function judge(kvmDevice: Partial<KvmDevice>, given: Partial<Parameters<typeof check.evaluate>[0]> = {}) {
  return check.evaluate({
    kvmDevice: { device: ok(stat()), callerMayUse: ok(false), qemuMayUse: ok({ state: 'reachable' }), ...kvmDevice },
    config: aConfig(),
    qemuUser: value(QEMU),
    caller: value(ALICE),
    cpu: value(CPU),
    platform: value(DEBIAN),
    ...given,
  });
}
const blocked = (given: Partial<FileStat>): Partial<KvmDevice> => ({
  device: ok(stat(given)),
  qemuMayUse: ok({ state: 'blocked', at: '/dev/kvm', stat: stat(given) }),
});

describe(check.id, () => {
  it('passes when the QEMU user may open it, though the caller may not', () => {
    expect(judge({})).toMatchObject({ status: 'pass', evidence: [{ source: '/dev/kvm', observed: 'mode 0660, uid 0, gid 108' }, {}] });
  });

  it('passes with mode 0666 even when the QEMU user is not known', () => {
    expect(judge({ device: ok(stat({ mode: 0o666 })), qemuMayUse: unreadable('failed', 'x') }, { qemuUser: unknown })).toMatchObject({
      status: 'pass',
    });
  });

  it('fails with mode 0600 of root: libvirt changes neither mode nor owner', () => {
    expect(judge(blocked({ mode: 0o600, gid: 0 }))).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/dev/kvm', observed: 'mode 0600, uid 0, gid 0' }, {}],
      remedy: { steps: [{ file: '/etc/udev/rules.d/65-kvm.rules' }, {}, {}] },
    });
  });

  it('names the group when the group may open it', () => {
    const outcome = judge(blocked({}));
    expect(outcome).toMatchObject({
      status: 'fail',
      remedy: { summary: expect.stringContaining('group kvm'), steps: [{ run: 'usermod --append --groups kvm libvirt-qemu' }] },
    });
    expect(JSON.stringify(outcome)).not.toContain('log out');
  });

  it('does not pass when the QEMU user is not known', () => {
    expect(judge({}, { qemuUser: unknown })).toMatchObject({ status: 'unknown', evidence: [{ source: '/etc/libvirt/qemu.conf' }] });
    expect(judge({}, { qemuUser: value(null) })).toMatchObject({ status: 'unknown' });
    expect(judge({ qemuMayUse: ok({ state: 'unknown', at: '/dev/kvm', reason: 'getfacl is not installed' }) })).toMatchObject({
      status: 'unknown',
    });
  });

  it('fails when a file stands in its place', () => {
    expect(judge({ device: ok(stat({ kind: 'file' })) })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('not a character device'),
    });
  });

  it('does not pass when the device was not recorded', () => {
    expect(judge({ device: unreadable('not-recorded', 'not recorded') })).toMatchObject({ status: 'unknown' });
  });
});

describe(`${check.id} without the device`, () => {
  it('says that the module is not loaded when the CPU could', () => {
    const outcome = judge({ device: ABSENT });
    expect(outcome).toMatchObject({ status: 'fail', message: 'kvm_amd is not loaded', evidence: [{}, { source: '/sys/module/kvm_amd' }] });
  });

  it('points to the check of the CPU when that shows no virtualisation', () => {
    const outcome = judge({ device: ABSENT }, { cpu: value({ ...CPU, flags: new Set(['fpu']) }) });
    expect(outcome).toMatchObject({ status: 'fail', message: expect.stringContaining('see preflight/cpu/virtualization') });
  });

  it('says so when the module is loaded and udev made nothing', () => {
    const kvmModule = {
      name: 'kvm_amd',
      hasNestedPaging: true,
      allowsNesting: null,
      hasUnrestrictedGuest: null,
      hasVirtualInterrupts: null,
    } as const;
    expect(judge({ device: ABSENT }, { cpu: value({ ...CPU, kvmModule: ok(kvmModule) }) })).toMatchObject({
      status: 'fail',
      message: 'kvm_amd is loaded, but there is no /dev/kvm',
    });
  });

  it('fails too when the CPU is not known', () => {
    expect(judge({ device: ABSENT }, { cpu: unknown })).toMatchObject({ status: 'fail', message: 'there is no /dev/kvm' });
  });
});

describe(`${check.id} for a session`, () => {
  const config = aConfig({ connection: 'qemu:///session' });

  it('asks what the caller may', () => {
    expect(judge({ callerMayUse: ok(true) }, { config })).toMatchObject({ status: 'pass' });
    expect(judge({}, { config })).toMatchObject({ status: 'fail', message: 'alice may not open /dev/kvm' });
    expect(judge({ callerMayUse: unreadable('not-recorded', 'x') }, { config })).toMatchObject({ status: 'unknown' });
  });

  it('does not take what root may for what the user may', () => {
    const sudo: Caller = { ...ALICE, name: 'root', uid: 0, isRoot: true, sudoUser: { name: 'alice', uid: 1000, gid: 1000 } };
    expect(judge({ callerMayUse: ok(true) }, { config, caller: value(sudo) })).toMatchObject({ status: 'unknown' });
  });
});
