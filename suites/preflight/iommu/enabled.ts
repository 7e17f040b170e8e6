import { defineCheck } from '../../../src/engine/check.ts';
import { fail, pass } from '../../../src/engine/outcome.ts';

export default defineCheck({
  id: 'preflight/iommu/enabled',
  title: 'The kernel translates the DMA of devices through an IOMMU',
  severity: 'blocker',
  needs: ['iommu'],
  why: 'Without a working IOMMU a device cannot be given to a virtual machine: it could write anywhere in the host.',
  sources: ['https://docs.kernel.org/driver-api/vfio.html'],
  evaluate({ iommu }) {
    const groups = iommu.groups.filter(({ name }) => name !== 'vfio-noiommu');
    if (iommu.instances.length > 0 && groups.length > 0) {
      return pass(
        { source: '/sys/class/iommu', observed: iommu.instances.join(', ') },
        { source: '/sys/kernel/iommu_groups', observed: `${groups.length} groups` },
      );
    }
    return fail('the IOMMU is not in force', {
      evidence: [{ source: '/sys/kernel/iommu_groups', observed: 'empty', expected: 'one folder for each group' }],
      remedy: { summary: 'Turn the IOMMU on' },
    });
  },
});
