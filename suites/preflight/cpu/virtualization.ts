import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, type Outcome, pass, passWith } from '../../../src/engine/outcome.ts';
import { type Cpu, CPUINFO, KVM_DEVICE_CLASS } from '../../../src/facts/cpu.ts';
import type { Attempt } from '../../../src/facts/fact.ts';
import type { KernelLog } from '../../../src/facts/kernel-log.ts';
import { type Kernel, kernelAtLeast } from '../../../src/facts/kernel.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';

export default defineCheck({
  id: 'preflight/cpu/virtualization',
  title: 'The CPU can run virtual machines, and the firmware lets it',
  severity: 'blocker',
  needs: ['cpu'],
  wants: ['kernelLog', 'kernel'],
  why: 'Without VT-x or AMD-V there is no KVM: a virtual machine would be emulated, far too slow to use and without passthrough.',
  sources: [
    'https://github.com/torvalds/linux/blob/master/arch/x86/kernel/cpu/feat_ctl.c',
    'https://github.com/torvalds/linux/blob/master/arch/x86/kernel/cpu/amd.c',
    'https://docs.kernel.org/virt/kvm/x86/running-nested-guests.html',
  ],
  evaluate({ cpu, kernelLog, kernel }) {
    const locked = kernelLog.ok ? kernelLog.value.lines.find((line) => LOCKED.test(line)) : undefined;
    const log = kernelLog.ok && locked !== undefined ? { source: kernelLog.value.source, observed: locked } : null;
    const flag = flagEvidence(cpu);
    if (cpu.isKvmActive.state === 'ok' && cpu.isKvmActive.value) return inOperation(cpu, flag);
    if (!hasExtensions(cpu)) return isMissing(cpu, kernelLog, log);
    if (log !== null) return isLocked(cpu, flag, log);
    if (clearsLockedFlags(cpu, kernel)) return works(cpu, flag);
    return mayBeLocked(cpu, kernelLog);
  },
});

/**
 * What the kernel prints when the firmware locked the extensions off: since 5.6 (Intel) and 6.7 (AMD, 7deda2ce5b33) while it boots, and
 * KVM's modules of any version when they are loaded. "SVM not supported by CPU" says the same of both reasons.
 */
const LOCKED =
  /VMX \((?:outside|inside) TXT\) disabled by BIOS|VMX not enabled \(by BIOS\)|SVM disabled \(by BIOS\)|\bkvm(?:_intel|_amd)?: (?:support for '[a-z_]{1,20}' )?disabled by bios/i;

function hasExtensions({ flags }: Cpu): boolean {
  return flags.has('vmx') || flags.has('svm');
}

function flagEvidence({ vendor, flags }: Cpu): Evidence {
  const present = ['vmx', 'svm'].filter((flag) => flags.has(flag)).join(', ');
  if (present !== '') return { source: CPUINFO, observed: `flag ${present}` };
  return { source: CPUINFO, observed: 'no such flag', expected: { intel: 'vmx', amd: 'svm', other: 'vmx or svm' }[vendor] };
}

/** KVM registers its device only when it can run guests; a paravirtual KVM (pvm) can without VT-x and AMD-V. */
function inOperation(cpu: Cpu, flag: Evidence): Outcome {
  const device = { source: KVM_DEVICE_CLASS, observed: 'there' };
  if (hasExtensions(cpu)) return works(cpu, flag, device);
  return passWith('KVM is in operation, though the CPU shows neither VT-x nor AMD-V', device, flag);
}

function works(cpu: Cpu, ...evidence: [Evidence, ...Evidence[]]): Outcome {
  return cpu.isNested
    ? passWith(`this machine is itself a virtual machine${nameOf(cpu)}: its guests are nested, which costs speed`, ...evidence)
    : pass(...evidence);
}

function isMissing(cpu: Cpu, kernelLog: Attempt<KernelLog>, log: Evidence | null): Outcome {
  const flag = flagEvidence(cpu);
  if (cpu.isNested) {
    return fail('the outer hypervisor does not offer nested virtualisation to this virtual machine', {
      evidence: [flag, { source: CPUINFO, observed: `flag hypervisor${nameOf(cpu)}` }],
      remedy: {
        summary: 'Switch nested virtualisation on where this virtual machine is defined, or run passcheck on the physical machine',
        steps: [{ text: 'KVM: module parameter nested=1 of kvm_intel or kvm_amd, and <cpu mode="host-passthrough"/> in the definition' }],
      },
    });
  }
  if (log !== null) return isLocked(cpu, flag, log);
  const announced = kernelLog.ok && kernelLog.value.hasBeginning;
  return fail(`${cpu.modelName ?? 'the CPU'} has no virtualisation extensions, or the firmware switched them off`, {
    evidence: announced ? [flag, { source: kernelLog.value.source, observed: 'no message that the firmware locked them' }] : [flag],
    remedy: firmwareRemedy(cpu, 'Look for the extensions in the firmware setup; where it has no such option, the CPU lacks them'),
  });
}

function isLocked(cpu: Cpu, flag: Evidence, log: Evidence): Outcome {
  return fail('the firmware has locked the virtualisation extensions off', {
    evidence: [log, flag],
    remedy: firmwareRemedy(cpu, 'Switch the virtualisation extensions on in the firmware setup'),
  });
}

/** Older kernels leave the flag though the firmware locked the extensions, and say so only when KVM is loaded. */
function mayBeLocked(cpu: Cpu, kernelLog: Attempt<KernelLog>): Outcome {
  const module = cpu.vendor === 'intel' ? 'kvm_intel' : 'kvm_amd';
  if (cpu.isKvmActive.state === 'unreadable')
    return couldNotLook(KVM_DEVICE_CLASS, cpu.isKvmActive.detail, 'look whether it exists by hand');
  if (!kernelLog.ok) {
    const { source, reason, hint } = kernelLog.error;
    return couldNotLook(
      source,
      `the CPU has the flag, but KVM is not in operation, and why is hidden (${reason})`,
      hint ?? `run modprobe ${module}`,
    );
  }
  return couldNotLook(
    KVM_DEVICE_CLASS,
    'the CPU has the flag, but KVM was never loaded, so whether the firmware locked it is not known',
    `Run modprobe ${module} as root, then passcheck again`,
  );
}

function clearsLockedFlags({ vendor }: Cpu, kernel: Attempt<Kernel>): boolean {
  if (!kernel.ok || vendor === 'other') return false;
  const [major, minor] = vendor === 'intel' ? [5, 6] : [6, 7];
  return kernelAtLeast(kernel.value, major, minor) === true;
}

function firmwareRemedy({ vendor }: Cpu, summary: string): { summary: string; steps: ReturnType<typeof firmwareSetupSteps> } {
  return { summary, steps: firmwareSetupSteps('virtualization', vendor === 'other' ? null : vendor) };
}

function nameOf({ hypervisor }: Cpu): string {
  return hypervisor === null ? '' : ` (${hypervisor})`;
}
