import { defineCheck, type CheckFacts } from '../../../src/engine/check.ts';
import { couldNotLook, type Evidence, fail, notApplicable, type Outcome, pass, type Remedy } from '../../../src/engine/outcome.ts';
import type { Interrupt } from '../../../src/facts/interrupts.ts';
import { ACPI_TABLES, isIommuInForce, iommuVendor } from '../../../src/facts/iommu.ts';
import { interruptRemappingOffWord } from '../../../src/facts/iommu-switches.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';
import { kernelParameterSteps } from '../../../src/remedy/kernel-parameters.ts';

type Facts = CheckFacts<'iommu' | 'interrupts', 'kernel' | 'kernelLog' | 'unsafeInterrupts' | 'platform'>;

const INTERRUPTS = '/proc/interrupts';

export default defineCheck({
  id: 'preflight/iommu/interrupt-remapping',
  title: 'The IOMMU remaps the interrupts of devices',
  severity: 'blocker',
  needs: ['iommu', 'interrupts'],
  wants: ['kernel', 'kernelLog', 'unsafeInterrupts', 'platform'],
  why: 'Without interrupt remapping a guest can send any interrupt to the host through its device, so VFIO refuses to start the VM.',
  sources: ['https://docs.kernel.org/admin-guide/kernel-parameters.html', 'https://docs.kernel.org/arch/x86/iommu.html'],
  evaluate(facts) {
    if (!isIommuInForce(facts.iommu)) return notApplicable('no IOMMU is in force, and that comes first');
    const judged = meaningful(facts.interrupts);
    const remapped = judged.filter(({ isRemapped }) => isRemapped);
    const others = judged.filter(({ isRemapped }) => !isRemapped);
    if (judged.length === 0) {
      return couldNotLook(
        INTERRUPTS,
        'no interrupt of a PCI device is in use',
        'look for "Enabled IRQ remapping" or "Interrupt remapping enabled" in dmesg',
      );
    }
    if (others.length === 0) return pass({ source: INTERRUPTS, observed: `${remapped.length} × ${controllers(remapped)}` });
    if (remapped.length > 0) {
      const reason = `${others.length} of ${judged.length} vectors are not remapped: ${describe(others)}`;
      return couldNotLook(INTERRUPTS, reason, 'see whether the device that is passed through is among them, and whether VFIO accepts it');
    }
    return explain(facts, others);
  },
});

/** Messages of PCI devices; wired interrupts only where no device uses messages. */
function meaningful(interrupts: readonly Interrupt[]): Interrupt[] {
  const messages = interrupts.filter(({ kind }) => kind === 'msi');
  return messages.length > 0 ? messages : interrupts.filter(({ kind }) => kind === 'io-apic');
}

/** `PCI-MSI`, without the devices that newer kernels put behind it. */
function controllers(interrupts: readonly Interrupt[]): string {
  return [...new Set(interrupts.map(({ controller }) => controller.replace(/-[0-9a-f]{4,8}:.*$/, '')))].toSorted().join(', ');
}

function describe(interrupts: readonly Interrupt[]): string {
  const some = interrupts.slice(0, 3).map(({ number, controller, description }) => `${number} ${controller} ${description}`);
  return `${some.join('; ')}${interrupts.length > 3 ? ' …' : ''}`;
}

function explain(facts: Facts, vectors: readonly Interrupt[]): Outcome {
  const { evidence, cause, remedy } = findCause(facts);
  const kind = controllers(vectors);
  const unsafe = facts.unsafeInterrupts.ok ? facts.unsafeInterrupts.value : { inForce: [], refused: [] };
  const isBypassed = unsafe.inForce.length > 0 && unsafe.refused.length === 0;
  const message = `${vectors.length} ${kind} vectors are not remapped${cause === null ? '' : `: ${cause}`}`;
  return fail(isBypassed ? `${message}; VMs start only because unsafe interrupts are allowed` : message, {
    evidence: [{ source: INTERRUPTS, observed: `${vectors.length} × ${kind}, 0 × IR-`, expected: 'IR-PCI-MSI' }, ...evidence],
    remedy,
    ...(isBypassed ? { severity: 'major' } : {}),
  });
}

interface Cause {
  readonly cause: string | null;
  readonly evidence: readonly Evidence[];
  readonly remedy: Remedy;
}

function findCause(facts: Facts): Cause {
  return switchedOff(facts) ?? unsupported(facts) ?? disabledByKernel(facts);
}

function switchedOff({ kernel, platform }: Facts): Cause | null {
  const word = kernel.ok ? interruptRemappingOffWord(kernel.value) : null;
  if (word === null) return null;
  const summary = `Remove ${word} from the kernel command line`;
  return {
    cause: `"${word}" is on the kernel command line`,
    evidence: [{ source: '/proc/cmdline', observed: word }],
    remedy: platform.ok ? { summary, steps: kernelParameterSteps(platform.value, { remove: [word] }) } : { summary },
  };
}

/** What hardware and firmware say themselves (Intel only: AMD has no such bit). */
function unsupported({ iommu }: Facts): Cause | null {
  if (iommu.intelCanRemapInterrupts === false) {
    return {
      cause: 'this IOMMU cannot do it',
      evidence: [{ source: '/sys/class/iommu/dmar0/intel-iommu/ecap', observed: 'bit 3 is 0', expected: 'bit 3 is 1' }],
      remedy: { summary: 'Use another machine: this hardware has no interrupt remapping' },
    };
  }
  if (iommu.dmar.state !== 'ok' || iommu.dmar.value.interruptRemapping) return null;
  return {
    cause: 'the firmware says that the platform cannot do it',
    evidence: [{ source: `${ACPI_TABLES}/DMAR`, observed: 'flag INTR_REMAP is 0', expected: '1' }],
    remedy: {
      summary: 'Switch VT-d with interrupt remapping (and x2APIC) on in the firmware setup, or update the firmware',
      steps: firmwareSetupSteps('iommu', 'intel'),
    },
  };
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/DMAR-IR: Failed to enable irq remapping/, 'the kernel could not switch it on'],
  [/DMAR-IR: This system BIOS has enabled interrupt remapping/, 'the chipset has an erratum'],
  [/ioapic \d{1,4} has no mapping iommu/, 'the firmware table leaves out an I/O APIC'],
  [/AMD-Vi:? .*(?:No southbridge IOAPIC found|IOAPIC\[\d{1,4}\] not in IVRS table)/, 'the firmware table leaves out an I/O APIC'],
  [/AMD-Vi: Disabling interrupt remapping/, 'the kernel switched it off'],
  [/Not enabling interrupt remapping/, 'the kernel did not switch it on'],
];

function disabledByKernel({ iommu, kernelLog }: Facts): Cause {
  const lines = kernelLog.ok ? kernelLog.value.lines : [];
  const found = REASONS.flatMap(([pattern, cause]) => {
    const line = lines.find((text) => pattern.test(text));
    return line === undefined ? [] : [{ cause, line }];
  })[0];
  const optOut =
    iommu.dmar.state === 'ok' && iommu.dmar.value.x2apicOptOut
      ? [{ source: `${ACPI_TABLES}/DMAR`, observed: 'flag X2APIC_OPT_OUT is 1' }]
      : [];
  const log = kernelLog.ok
    ? [{ source: kernelLog.value.source, observed: found?.line ?? 'says nothing of a reason' }]
    : [{ source: kernelLog.error.source, observed: kernelLog.error.reason }];
  const vendor = iommuVendor(iommu);
  return {
    cause: found?.cause ?? null,
    evidence: [...log, ...optOut],
    remedy: {
      summary:
        vendor === 'amd'
          ? 'Update the firmware; if it leaves out an I/O APIC, name it with ivrs_ioapic on the kernel command line'
          : 'Switch on VT-d and x2APIC in the firmware setup, and update the firmware',
      steps: firmwareSetupSteps('iommu', vendor),
    },
  };
}
