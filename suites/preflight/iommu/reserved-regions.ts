import { defineCheck, type CheckFacts } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, type Outcome, pass, passWith } from '../../../src/engine/outcome.ts';
import { iommuVendor, isIommuInForce, type ReservedRegion } from '../../../src/facts/iommu.ts';
import { kernelAtLeast } from '../../../src/facts/kernel.ts';
import { type PassedGroup, passedGroups } from '../../../src/facts/passed-groups.ts';

type Facts = CheckFacts<'iommu' | 'passthrough' | 'pciDevices', 'kernel'>;

export default defineCheck({
  id: 'preflight/iommu/reserved-regions',
  title: 'The firmware does not keep memory of passed-through devices for itself',
  severity: 'blocker',
  needs: ['iommu', 'passthrough', 'pciDevices'],
  wants: ['kernel'],
  why: 'Firmware that goes on using a device needs a fixed mapping of its memory (RMRR). The kernel then refuses to give the device to a guest.',
  sources: ['https://docs.kernel.org/admin-guide/abi-testing.html', 'https://docs.kernel.org/arch/x86/iommu.html'],
  evaluate(facts) {
    if (!isIommuInForce(facts.iommu)) return notApplicable('no IOMMU is in force, and that comes first');
    const groups = passedGroups(facts.passthrough.devices, facts.pciDevices, facts.iommu);
    if (groups.length === 0) return notApplicable('no device with an IOMMU group is chosen to be passed through');
    return groups.map((passed) => ({ subject: passed.subject, outcome: judge(passed, facts) }));
  },
});

function judge({ subject, group }: PassedGroup, { iommu, kernel }: Facts): Outcome {
  if (group.state !== 'ok') {
    const reason = group.state === 'absent' ? 'its group is not listed in /sys/kernel/iommu_groups' : group.detail;
    return couldNotLook(`/sys/bus/pci/devices/${subject}/iommu_group`, reason, 'run passcheck on the host itself');
  }
  const source = `/sys/kernel/iommu_groups/${group.value.id}/reserved_regions`;
  const regions = group.value.reservedRegions;
  if (regions.state !== 'ok') {
    const reason = regions.state === 'absent' ? 'not there (kernel older than 4.11)' : regions.detail;
    return couldNotLook(source, reason, 'look in dmesg for "RMRR base", and whether the VM starts');
  }
  const fixed = regions.value.filter(({ type }) => type === 'direct');
  const observed = regions.value.map(show).join('; ');
  if (fixed.length === 0) return pass({ source, observed: observed === '' ? 'none' : observed });
  // AMD's driver refuses only since the common check of 6.6; before, VFIO kept the range out of the guest's memory.
  if (iommuVendor(iommu) === 'amd' && kernel.ok && kernelAtLeast(kernel.value, 6, 6) === false) {
    return passWith('kernels from 6.6 on will refuse this device', { source, observed });
  }
  return fail(`the firmware keeps ${fixed.map(show).join(' and ')} mapped for this device`, {
    evidence: [{ source, observed, expected: 'no region of type "direct"' }],
    remedy: {
      summary: 'Make the firmware let go of the device',
      steps: [
        {
          text: 'Switch off its use by the firmware in the setup: boot from it, its option ROM, remote management or health monitoring (HPE: "shared memory" of iLO)',
        },
        { text: 'Update the firmware, or use another slot or device' },
      ],
    },
  });
}

function show({ start, end, type }: ReservedRegion): string {
  return `0x${start.toString(16)}-0x${end.toString(16)} ${type}`;
}
