import { describe, expect, it } from 'vitest';

import { aKernel } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Cpu } from '../../../src/facts/cpu.ts';
import { FactError } from '../../../src/facts/fact-error.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { KernelLog } from '../../../src/facts/kernel-log.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import check from './virtualization.ts';

const CPUINFO = '/proc/cpuinfo';

function aCpu(flags: readonly string[], given: Partial<Cpu> = {}): Cpu {
  return {
    vendor: flags.includes('vmx') ? 'intel' : 'amd',
    modelName: 'AMD Ryzen 9 7950X3D 16-Core Processor',
    flags: new Set(['fpu', ...flags]),
    microcode: null,
    isNested: flags.includes('hypervisor'),
    hypervisor: null,
    kvmModule: ABSENT,
    isKvmActive: ok(false),
    ...given,
  };
}

const said = (...lines: readonly string[]): Attempt<KernelLog> => ({
  ok: true,
  value: { lines: ['Linux version 6.12.0', ...lines], source: 'dmesg', hasBeginning: true },
});
const HIDDEN = { ok: false, error: new FactError({ source: 'dmesg', reason: 'Operation not permitted', hint: 'run as root' }) } as const;

function judge(cpu: Cpu, kernelLog: Attempt<KernelLog> = said(), release = '6.12.0'): Outcome {
  const judged = check.evaluate({ cpu, kernelLog, kernel: { ok: true, value: aKernel('', release) } });
  if (!('status' in judged)) throw new TypeError('one outcome expected');
  return judged;
}

describe(check.id, () => {
  it.each(['vmx', 'svm'])('passes when KVM works with %s', (flag) => {
    expect(judge(aCpu([flag], { isKvmActive: ok(true) }), HIDDEN, '5.4.0')).toMatchObject({
      status: 'pass',
      evidence: [{ source: CPUINFO, observed: `flag ${flag}` }, { source: '/sys/class/misc/kvm' }],
    });
  });

  it('shows that the host is nested, and passes', () => {
    const outcome = judge(aCpu(['svm', 'hypervisor'], { isKvmActive: ok(true), hypervisor: 'KVM' }));
    expect(outcome).toMatchObject({ status: 'pass', message: expect.stringContaining('itself a virtual machine (KVM)') });
  });

  it('passes where a paravirtual KVM is in operation without the flag', () => {
    expect(judge(aCpu(['hypervisor'], { isKvmActive: ok(true) }))).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('neither VT-x nor AMD-V'),
    });
  });

  it('fails inside a virtual machine without the flag, and blames the outer hypervisor, not the firmware', () => {
    const outcome = judge(aCpu(['hypervisor']), said('x86/cpu: VMX (outside TXT) disabled by BIOS'));
    expect(outcome).toMatchObject({
      status: 'fail',
      message: 'the outer hypervisor does not offer nested virtualisation to this virtual machine',
      evidence: [{ source: CPUINFO, expected: 'svm' }, { observed: 'flag hypervisor' }],
    });
  });

  it.each([
    'x86/cpu: VMX (outside TXT) disabled by BIOS',
    'SVM disabled (by BIOS) in MSR_VM_CR',
    'kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU 3',
    'kvm: disabled by bios',
    "kvm: support for 'kvm_amd' disabled by bios",
    'kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU 0',
  ])('fails with the kernel’s own words "%s" when the firmware locked the extensions', (line) => {
    expect(judge(aCpu([]), said(line))).toMatchObject({
      status: 'fail',
      message: 'the firmware has locked the virtualisation extensions off',
      evidence: [{ source: 'dmesg', observed: line }, { source: CPUINFO }],
    });
  });

  it('fails when an old kernel leaves the flag of extensions that the firmware locked', () => {
    expect(judge(aCpu(['svm']), said('kvm: disabled by bios'), '6.1.0')).toMatchObject({
      status: 'fail',
      evidence: [{ source: 'dmesg' }, {}],
    });
  });

  it('names both reasons when the flag is missing and the log says nothing', () => {
    expect(judge(aCpu([]), said('kvm_amd: SVM not supported by CPU 1'))).toMatchObject({
      status: 'fail',
      message: 'AMD Ryzen 9 7950X3D 16-Core Processor has no virtualisation extensions, or the firmware switched them off',
      evidence: [{ source: CPUINFO, observed: 'no such flag' }, { source: 'dmesg' }],
    });
  });

  it('fails on a missing flag when the log is hidden', () => {
    expect(judge(aCpu([]), HIDDEN)).toMatchObject({ status: 'fail', evidence: [{ source: CPUINFO }] });
  });

  it.each([
    ['vmx', '5.6.0'],
    ['svm', '6.7.0'],
  ])('takes the flag %s for proof from kernel %s on, which clears flags that are locked off', (flag, release) => {
    expect(judge(aCpu([flag]), HIDDEN, release)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['vmx', '5.5.0'],
    ['svm', '6.6.0'],
  ])('cannot tell by the flag %s alone on kernel %s', (flag, release) => {
    expect(judge(aCpu([flag]), HIDDEN, release)).toMatchObject({ status: 'unknown', evidence: [{ source: 'dmesg' }] });
    expect(judge(aCpu([flag]), said(), release)).toMatchObject({
      status: 'unknown',
      remedy: { summary: expect.stringContaining('modprobe') },
    });
  });

  it('cannot tell on an old kernel when whether KVM works was not recorded', () => {
    const cpu = aCpu(['svm'], { isKvmActive: unreadable('not-recorded', 'not recorded') });
    expect(judge(cpu, said(), '6.1.0')).toMatchObject({ status: 'unknown', evidence: [{ source: '/sys/class/misc/kvm' }] });
  });

  it('is an error when /proc/cpuinfo cannot be read', async () => {
    expect(await judgeOne(check, {})).toMatchObject({ status: 'error', evidence: [{ source: CPUINFO }] });
  });
});
