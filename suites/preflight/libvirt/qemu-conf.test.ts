import { describe, expect, it } from 'vitest';

import { judge, judgeOne } from '../../../test/judge.ts';
import check from './qemu-conf.ts';

const PATH = '/etc/libvirt/qemu.conf';
const accounts = { '/etc/os-release': 'ID=debian\n', '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/etc/group': 'root:x:0:\n' };
const conf = (text: string) => ({ files: { ...accounts, [PATH]: text } });
const DEFAULTS = ['null', 'full', 'zero', 'random', 'urandom', 'ptmx', 'kvm'].map((name) => `"/dev/${name}"`);

describe(check.id, () => {
  it('passes without any setting, and says what is set', async () => {
    expect(await judgeOne(check, conf('# nothing\n'))).toMatchObject({
      status: 'pass',
      evidence: [{ source: PATH, observed: expect.stringContaining('default') }],
    });
    expect(await judgeOne(check, conf('max_core = 0\n'))).toMatchObject({ evidence: [{ observed: 'sets max_core' }] });
    expect(await judgeOne(check, { files: accounts })).toMatchObject({
      status: 'pass',
      evidence: [{ observed: expect.stringContaining('not there') }],
    });
  });

  it('passes with the default devices and more', async () => {
    const list = [...DEFAULTS, '"/dev/kvmfr0"'].join(', ');
    expect(await judgeOne(check, conf(`cgroup_device_acl = [\n  ${list}\n]\n`))).toMatchObject({ status: 'pass' });
  });

  it('fails when the list of devices replaces the defaults, worse without /dev/kvm', async () => {
    const drops = await judgeOne(check, conf('\ncgroup_device_acl = [ "/dev/kvm", "/dev/kvmfr0" ]\n'));
    expect(drops).toMatchObject({
      status: 'fail',
      severity: 'minor',
      subject: 'cgroup_device_acl',
      message: expect.stringContaining('/dev/ptmx'),
      evidence: [{ source: `${PATH}:2` }],
    });
    expect(JSON.stringify(drops.remedy)).toContain('/dev/kvmfr0');
    const [last] = DEFAULTS.slice(-1);
    const withoutKvm = DEFAULTS.filter((device) => device !== last).join(', ');
    expect(await judgeOne(check, conf(`cgroup_device_acl = [ ${withoutKvm} ]\n`))).toMatchObject({
      severity: 'major',
      message: 'cgroup_device_acl lacks /dev/kvm',
    });
  });

  it('fails on the line that libvirt cannot read', async () => {
    expect(await judgeOne(check, conf('max_core = 0\nuser = root\n'))).toMatchObject({
      status: 'fail',
      severity: 'major',
      evidence: [{ source: `${PATH}:2`, observed: 'expecting a value' }],
    });
  });

  it('fails on a user that does not exist', async () => {
    expect(await judgeOne(check, conf('user = "ghost"\n'))).toMatchObject({
      status: 'fail',
      subject: 'user',
      evidence: [{ source: `${PATH}:1`, observed: 'user = "ghost"' }],
    });
  });

  it.each([
    ['dynamic_ownership', 'dynamic_ownership = 0\n', 'minor'],
    ['security_driver', 'security_driver = "none"\nsecurity_require_confined = 1\n', 'minor'],
    ['nvram', 'nvram = [ "/usr/share/OVMF/OVMF_CODE.fd:/usr/share/OVMF/OVMF_VARS.fd" ]\n', 'info'],
  ])('fails on %s', async (subject, text, severity) => {
    expect(await judgeOne(check, conf(text))).toMatchObject({ status: 'fail', subject, severity });
  });

  it('lists every finding', async () => {
    const { results } = await judge([check], conf('nvram = []\ndynamic_ownership = 0\ncgroup_device_acl = []\n'));
    expect(results.map(({ subject }) => subject)).toEqual(['cgroup_device_acl', 'dynamic_ownership', 'nvram']);
  });

  it('lets root do without dynamic ownership', async () => {
    expect(await judgeOne(check, conf('user = "root"\ngroup = "root"\ndynamic_ownership = 0\n'))).toMatchObject({ status: 'pass' });
  });

  it.each(['denied', 'not-recorded'] as const)('does not pass when the file is %s', async (reason) => {
    expect(await judgeOne(check, { files: accounts, unreadable: { [PATH]: reason } })).toMatchObject({
      status: 'error',
      evidence: [{ source: PATH }],
    });
  });
});
