import { describe, expect, it } from 'vitest';

import { DEBIAN, aDomain } from '../../../test/facts.ts';
import type { FirmwareDescriptor, FirmwareDescriptors } from '../../../src/facts/firmware-descriptors.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { JudgedDomains } from '../../../src/facts/judged-domains.ts';
import type { Domain } from '../../../src/domain/model.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import type { FileStat } from '../../../src/host/source.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import check from './ovmf.ts';

const FILE = ok<FileStat>({ kind: 'file', size: 3_653_632, mode: 0o644, uid: 0, gid: 0, mtimeMs: 0 });
const CODE = '/usr/share/OVMF/OVMF_CODE_4M.ms.fd';

function aDescriptor(features: readonly string[], file: Reading<FileStat> = FILE, machines = ['pc-q35-*']): FirmwareDescriptor {
  return {
    path: '/usr/share/qemu/firmware/40-edk2-x86_64-secure-enrolled.json',
    interfaces: ['uefi'],
    device: 'flash',
    executable: { path: CODE, format: 'raw', file },
    nvramTemplate: { path: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd', format: 'raw', file: FILE },
    targets: [{ architecture: 'x86_64', machines }],
    features,
  };
}

const ENROLLED = ['secure-boot', 'enrolled-keys', 'requires-smm'];

function judge(given: Partial<FirmwareDescriptors>, domains: readonly Domain[] = []) {
  const judgedDomains: Attempt<JudgedDomains> = {
    ok: true,
    value: { domains: domains.map((definition) => ({ definition, state: 'shut off' })), missing: [], others: [] },
  };
  return check.evaluate({
    firmwareDescriptors: { descriptors: [], bad: [], folders: ['/usr/share/qemu/firmware'], unlisted: [], named: [], ...given },
    platform: { ok: true, value: DEBIAN },
    judgedDomains,
  });
}

describe(check.id, () => {
  it('passes with the Secure Boot pair, and names its files', () => {
    expect(judge({ descriptors: [aDescriptor(ENROLLED)] })).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/usr/share/qemu/firmware/40-edk2-x86_64-secure-enrolled.json' }, { source: CODE }, {}],
    });
  });

  it('does not have Arch install what it has, when only the keys are missing', () => {
    const facts = { descriptors: [aDescriptor(['secure-boot', 'requires-smm'])], bad: [], folders: [], unlisted: [], named: [] };
    const on = (distribution: 'arch' | 'debian') =>
      check.evaluate({
        firmwareDescriptors: facts,
        platform: { ok: true, value: { ...DEBIAN, distribution } },
        judgedDomains: { ok: true, value: { domains: [], missing: [], others: [] } },
      });
    expect(on('arch')).toMatchObject({
      status: 'fail',
      severity: 'minor',
      remedy: { steps: [{ run: expect.stringContaining('virt-fw-vars --input /usr/share/OVMF/OVMF_VARS_4M.ms.fd') }] },
    });
    expect(on('debian')).toMatchObject({ remedy: { steps: [{ run: 'apt install ovmf' }] } });
  });

  it('fails without any descriptor, with the package to install', () => {
    expect(judge({})).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/usr/share/qemu/firmware' }],
      remedy: { steps: [expect.anything()] },
    });
    expect(judge({})).not.toHaveProperty('severity');
  });

  it('does not count a descriptor whose files are gone', () => {
    expect(judge({ descriptors: [aDescriptor(ENROLLED, ABSENT)] })).toMatchObject({
      status: 'fail',
      evidence: [{ observed: `${CODE}: not there` }, {}],
    });
  });

  it('does not count firmware for i440fx or another architecture', () => {
    expect(judge({ descriptors: [aDescriptor(ENROLLED, FILE, ['pc-i440fx-*'])] })).toMatchObject({ status: 'fail' });
    const arm = { ...aDescriptor(ENROLLED), targets: [{ architecture: 'aarch64', machines: ['virt-*', '*'] }] };
    expect(judge({ descriptors: [arm] })).toMatchObject({ status: 'fail' });
  });

  it('is major when only firmware without Secure Boot is there', () => {
    expect(judge({ descriptors: [aDescriptor([])] })).toMatchObject({ status: 'fail', severity: 'major' });
  });

  it('is minor when Secure Boot can be offered but no keys are enrolled (Arch)', () => {
    expect(judge({ descriptors: [aDescriptor(['secure-boot', 'requires-smm'])] })).toMatchObject({ status: 'fail', severity: 'minor' });
  });

  it('could not look when the files are hidden', () => {
    expect(judge({ descriptors: [aDescriptor(ENROLLED, unreadable('not-recorded', 'not recorded'))] })).toMatchObject({
      status: 'unknown',
    });
  });

  it('could not look when a descriptor is hidden and no other is enough', () => {
    const bad = [{ path: '/etc/qemu/firmware/a.json', kind: 'hidden', detail: 'permission denied' }] as const;
    expect(judge({ bad, descriptors: [aDescriptor([])] })).toMatchObject({ status: 'unknown' });
    expect(judge({ bad, descriptors: [aDescriptor(ENROLLED)] })).toMatchObject({ status: 'pass' });
  });

  it('one file that is no JSON stops libvirt, however good the others are', () => {
    const bad = [{ path: '/etc/qemu/firmware/a.json', kind: 'broken', detail: 'no JSON' }] as const;
    expect(judge({ bad, descriptors: [aDescriptor(ENROLLED)] })).toMatchObject({
      status: 'fail',
      evidence: [{ source: '/etc/qemu/firmware/a.json' }],
    });
  });

  it('fails when the judged VM names a loader that a package renamed', () => {
    const loader = '/usr/share/OVMF/OVMF_CODE.fd';
    const named = [{ domain: 'win11', firmware: { path: loader, format: null, file: ABSENT } }];
    const facts = { named, descriptors: [aDescriptor(ENROLLED)] };
    expect(judge(facts, [aDomain({ loader })])).toMatchObject({ status: 'fail', evidence: [{ source: loader }] });
    expect(judge(facts, [aDomain({ name: 'other' })])).toMatchObject({ status: 'pass' });
  });

  it('needs no descriptor when the judged VM names firmware that is there', () => {
    const named = [{ domain: 'win11', firmware: { path: '/opt/CODE.fd', format: null, file: FILE } }];
    expect(judge({ named }, [aDomain({ loader: '/opt/CODE.fd' })])).toMatchObject({
      status: 'pass',
      evidence: [{ source: '/opt/CODE.fd' }],
    });
  });

  it('is not applicable when every judged VM boots without UEFI', () => {
    expect(judge({}, [aDomain({ firmware: 'bios' })])).toMatchObject({ status: 'not-applicable' });
  });

  it('takes the unlisted firmware of NixOS, and says that it must be named', () => {
    expect(judge({ unlisted: ['/run/libvirt/nix-ovmf/OVMF_CODE.fd'] })).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('by path'),
    });
  });

  it('gives a remedy without steps when the platform is not known', () => {
    const error = new FactError({ source: '/etc/os-release', reason: 'not there' });
    const outcome = check.evaluate({
      firmwareDescriptors: { descriptors: [], bad: [], folders: ['/x'], unlisted: [], named: [] },
      platform: { ok: false, error },
      judgedDomains: { ok: false, error },
    });
    expect(outcome).toMatchObject({ status: 'fail', remedy: { summary: 'Install the UEFI firmware for virtual machines' } });
  });
});
