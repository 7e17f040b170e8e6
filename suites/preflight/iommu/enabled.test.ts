import { describe, expect, it } from 'vitest';

import { judgeOne } from '../../../test/judge.ts';
import check from './enabled.ts';

describe(check.id, () => {
  it('passes with a driver instance and groups', async () => {
    const host = { folders: ['/sys/class/iommu/dmar0', '/sys/kernel/iommu_groups/0/devices'] };
    expect(await judgeOne(check, host)).toMatchObject({ status: 'pass' });
  });

  it('fails without groups', async () => {
    const host = { folders: ['/sys/class/iommu', '/sys/kernel/iommu_groups'] };
    expect(await judgeOne(check, host)).toMatchObject({ status: 'fail', evidence: [{ source: '/sys/kernel/iommu_groups' }] });
  });
});
