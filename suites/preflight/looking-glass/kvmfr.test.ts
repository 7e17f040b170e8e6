import { describe, expect, it } from 'vitest';

import { FactError } from '../../../src/facts/fact-error.ts';
import type { Kvmfr } from '../../../src/facts/kvmfr.ts';
import type { SharedMemoryFile } from '../../../src/facts/looking-glass.ts';
import type { QemuConf } from '../../../src/facts/qemu-conf.ts';
import type { AppArmor, SecurityModules } from '../../../src/facts/security-modules.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { ConfSetting } from '../../../src/libvirt/conf.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import { aConfig } from '../../../test/facts.ts';
import { aDevice, aSharedFile, aStat, MIB, PLATFORM } from '../../../test/looking-glass.ts';
import check from './kvmfr.ts';

const LOADED: Kvmfr = { module: aStat({ kind: 'directory' }), sizes: { mib: [64], source: '/etc/modprobe.d/kvmfr.conf' }, unread: [] };
const ERROR = { ok: false, error: new FactError({ source: '/etc/libvirt/qemu.conf', reason: 'permission denied' }) } as const;

function aConf(...settings: Omit<ConfSetting, 'line'>[]): Attempt<QemuConf> {
  const value = {
    path: '/etc/libvirt/qemu.conf',
    exists: true,
    settings: settings.map((setting) => ({ ...setting, line: 1 })),
    problem: null,
  };
  return { ok: true, value };
}

const ACL = { name: 'cgroup_device_acl', value: ['/dev/null', '/dev/kvmfr0'] };

interface Given {
  readonly device?: Partial<SharedMemoryFile>;
  readonly kvmfr?: Partial<Kvmfr>;
  readonly qemuConf?: Attempt<QemuConf>;
  readonly security?: Partial<SecurityModules>;
  readonly resolution?: string;
  readonly session?: boolean;
}

function judge({ device, kvmfr, qemuConf = aConf(ACL), security, resolution, session = false }: Given = {}) {
  const judged = check.evaluate({
    lookingGlass: [aDevice(device)],
    config: aConfig({
      connection: session ? 'qemu:///session' : 'qemu:///system',
      ...(resolution === undefined ? {} : { lookingGlass: { resolution, file: '/dev/kvmfr0' } }),
    }),
    kvmfr: { ...LOADED, ...kvmfr },
    lookingGlassClient: { ok: true, value: ABSENT },
    platform: PLATFORM,
    qemuConf,
    libvirt: ERROR,
    securityModules: { ok: true, value: { appArmor: ABSENT, seLinux: ABSENT, ...security } },
  });
  return 'status' in judged ? judged : judged[0]?.outcome;
}

function anAppArmor(given: Partial<AppArmor> = {}): Reading<AppArmor> {
  return ok({ confinesVms: ok(true), rules: ok([{ path: '/dev/kvm', permissions: 'rw', isDenial: false }]), ...given });
}

describe(check.id, () => {
  it('passes with a device that is large enough and open to QEMU', () => {
    expect(judge()).toMatchObject({ status: 'pass', evidence: [{ source: '/dev/kvmfr0' }, { observed: 'static_size_mb=64' }] });
  });

  it('is not applicable when no device is used', () => {
    const facts = { config: aConfig(), kvmfr: LOADED, platform: PLATFORM, qemuConf: ERROR, libvirt: ERROR, securityModules: ERROR };
    const client = { ok: true, value: ABSENT } as const;
    expect(check.evaluate({ lookingGlass: [aSharedFile()], lookingGlassClient: client, ...facts })).toMatchObject({
      status: 'not-applicable',
    });
  });

  it('a plain file in its place is the trap of a VM that was started before the module', () => {
    expect(judge({ device: { stat: aStat() } })).toMatchObject({
      status: 'fail',
      message: '/dev/kvmfr0 is a file: QEMU made it before the module kvmfr was loaded',
      evidence: [{ source: '/dev/kvmfr0', observed: 'file' }],
      remedy: { steps: expect.arrayContaining([{ run: 'rm /dev/kvmfr0' }]) },
    });
  });

  it('tells a module that is not loaded from one without devices', () => {
    expect(judge({ device: { stat: ABSENT }, kvmfr: { module: ABSENT } })).toMatchObject({
      status: 'fail',
      message: 'the module kvmfr is not loaded',
    });
    expect(judge({ device: { stat: ABSENT }, kvmfr: { sizes: null } })).toMatchObject({
      status: 'fail',
      message: 'the module kvmfr is loaded, but there is no /dev/kvmfr0',
    });
  });

  it('the VM must map exactly what the device has', () => {
    expect(judge({ device: { sizeBytes: 32 * MIB } })).toMatchObject({
      status: 'fail',
      message: '/dev/kvmfr0 has 64 MiB, win11 maps 32 MiB',
    });
    expect(judge({ device: { sizeBytes: null } })).toMatchObject({ status: 'pass' });
  });

  it('a device that was made by hand is gone after the next boot', () => {
    expect(judge({ kvmfr: { sizes: null } })).toMatchObject({
      status: 'fail',
      severity: 'minor',
      evidence: [{ source: '/etc/modprobe.d' }],
    });
    const hidden = { sizes: null, unread: ['/etc/modprobe.d/kvmfr.conf'] };
    expect(judge({ kvmfr: hidden })).toMatchObject({ status: 'unknown', evidence: [{ source: '/etc/modprobe.d/kvmfr.conf' }] });
  });

  it('the second device has the second size', () => {
    const second = { path: '/dev/kvmfr1', sizeBytes: 32 * MIB };
    const qemuConf = aConf({ name: 'cgroup_device_acl', value: ['/dev/kvmfr1'] });
    expect(judge({ device: second, qemuConf, kvmfr: { sizes: { mib: [64, 32], source: 'x' } } })).toMatchObject({ status: 'pass' });
    expect(judge({ device: second, qemuConf })).toMatchObject({ status: 'fail', message: expect.stringContaining('sets no size') });
  });

  it('exactly what the resolution needs is enough', () => {
    expect(judge({ resolution: '2560x1440' })).toMatchObject({ status: 'pass' });
    expect(judge({ resolution: '3840x2160' })).toMatchObject({ status: 'fail', message: expect.stringContaining('128 MiB for 3840x2160') });
  });

  it('fails when the client may not open it', () => {
    const stat = { kind: 'character-device', size: 0, mode: 0o600, uid: 0, gid: 0, mtimeMs: 0 } as const;
    const user = { name: 'alice', credentials: { uid: 1000, gids: [1000] }, reach: { state: 'blocked', at: '/dev/kvmfr0', stat } } as const;
    expect(judge({ device: { client: { ok: true, value: user } } })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/dev/kvmfr0' }],
    });
  });

  it('could not look at the device', () => {
    expect(judge({ device: { stat: unreadable('not-recorded', 'not recorded') } })).toMatchObject({ status: 'unknown' });
    expect(judge({ device: { stat: ABSENT }, kvmfr: { module: unreadable('not-recorded', 'not recorded') } })).toMatchObject({
      status: 'unknown',
    });
  });
});

const seLinux = (isEnforcing: boolean, ...names: string[]) => ({ security: { seLinux: ok({ isEnforcing, localModules: ok(names) }) } });

describe('the rules for a device', () => {
  it('cgroup: the list replaces libvirt’s own, so the fix repeats it', () => {
    expect(judge({ qemuConf: aConf() })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/etc/libvirt/qemu.conf', observed: 'cgroup_device_acl not set' }],
      remedy: { steps: [{ line: expect.stringContaining('"/dev/kvm", "/dev/userfaultfd", "/dev/kvmfr0"') }, {}] },
    });
    expect(judge({ qemuConf: aConf({ name: 'cgroup_controllers', value: ['cpu', 'memory'] }) })).toMatchObject({ status: 'pass' });
  });

  it('a session has no cgroup for devices', () => expect(judge({ qemuConf: ERROR, session: true })).toMatchObject({ status: 'pass' }));

  it('a hidden qemu.conf is never a pass', () => {
    expect(judge({ qemuConf: ERROR })).toMatchObject({ status: 'unknown', evidence: [{ source: '/etc/libvirt/qemu.conf' }] });
  });

  it('AppArmor: without a rule QEMU may not open it', () => {
    expect(judge({ security: { appArmor: anAppArmor() } })).toMatchObject({
      status: 'fail',
      message: 'AppArmor does not let QEMU open /dev/kvmfr0',
      remedy: { steps: [{ file: '/etc/apparmor.d/local/abstractions/libvirt-qemu', line: '/dev/kvmfr0 rw,' }] },
    });
    const rules = ok([{ path: '/dev/kvmfr0', permissions: 'rw', isDenial: false }]);
    expect(judge({ security: { appArmor: anAppArmor({ rules, confinesVms: unreadable('denied', 'x') }) } })).toMatchObject({
      status: 'pass',
    });
  });

  it('AppArmor: it does not count when libvirt has no profile, no rules, or is told not to use it', () => {
    expect(judge({ security: { appArmor: anAppArmor({ confinesVms: ok(false) }) } })).toMatchObject({ status: 'pass' });
    expect(judge({ security: { appArmor: anAppArmor({ rules: ABSENT }) } })).toMatchObject({ status: 'pass' });
    const qemuConf = aConf(ACL, { name: 'security_driver', value: 'none' });
    expect(judge({ qemuConf, security: { appArmor: anAppArmor() } })).toMatchObject({ status: 'pass' });
  });

  it('AppArmor: hidden profiles and no rule leave it open', () => {
    const appArmor = anAppArmor({ confinesVms: unreadable('denied', 'permission denied') });
    expect(judge({ security: { appArmor } })).toMatchObject({
      status: 'unknown',
      evidence: [{ source: '/sys/kernel/security/apparmor/profiles' }],
    });
  });

  it('SELinux: only a module for it, or not enforcing, is a pass', () => {
    expect(judge(seLinux(true, 'kvmfr'))).toMatchObject({ status: 'pass' });
    expect(judge(seLinux(false))).toMatchObject({ status: 'pass' });
    expect(judge(seLinux(true, 'other'))).toMatchObject({ status: 'unknown' });
  });
});
