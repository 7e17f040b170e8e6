import { defineCheck } from '../../../src/engine/check.ts';
import { couldNotLook, fail, notApplicable, pass } from '../../../src/engine/outcome.ts';
import { ACPI_TABLES, isIommuInForce } from '../../../src/facts/iommu.ts';
import { firmwareSetupSteps } from '../../../src/remedy/firmware-setup.ts';

export default defineCheck({
  id: 'preflight/iommu/firmware-table',
  title: 'The firmware announces an IOMMU to the kernel',
  severity: 'blocker',
  needs: ['iommu'],
  wants: ['cpu'],
  why: 'The kernel learns from an ACPI table that there is an IOMMU. Firmware leaves the table out while VT-d or AMD-Vi is switched off in its setup.',
  sources: ['https://docs.kernel.org/arch/x86/iommu.html'],
  evaluate({ iommu, cpu }) {
    // Containers hide the tables, and a virtio IOMMU has none.
    if (isIommuInForce(iommu)) return notApplicable('the IOMMU is in force, whatever the firmware says');
    const tables = iommu.firmwareTables;
    if (tables.state !== 'ok') {
      const reason = tables.state === 'absent' ? 'not there' : tables.detail;
      return couldNotLook(ACPI_TABLES, reason, 'run passcheck on the host itself, not in a container');
    }
    if (tables.value.length > 0) return pass({ source: `${ACPI_TABLES}/${tables.value.join(', ')}`, observed: 'present' });
    const isNested = cpu.ok && cpu.value.isNested;
    const vendor = cpu.ok && cpu.value.vendor !== 'other' ? cpu.value.vendor : null;
    return fail(`no IOMMU table from the firmware${isNested ? ' of this virtual machine' : ''}`, {
      evidence: [{ source: ACPI_TABLES, observed: 'neither DMAR nor IVRS', expected: 'DMAR (Intel) or IVRS (AMD)' }],
      remedy: isNested
        ? { summary: 'Give this virtual machine a virtual IOMMU with interrupt remapping, in the definition on its host' }
        : { summary: 'Switch the IOMMU on in the firmware setup', steps: firmwareSetupSteps('iommu', vendor) },
    });
  },
});
