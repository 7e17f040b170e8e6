import { describe, expect, it } from 'vitest';

import { anIommu } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import { ok, unreadable } from '../../../src/host/reading.ts';
import check from './firmware-table.ts';

const TABLES = '/sys/firmware/acpi/tables';
const unknown = { ok: false, error: {} as never } as const;
const off = { instances: [], groups: [] };

describe(check.id, () => {
  it('does not matter once the IOMMU is in force: containers hide the table', () => {
    const hidden = anIommu({ firmwareTables: unreadable('failed', 'no ACPI table shows there at all') });
    expect(check.evaluate({ iommu: hidden, cpu: unknown })).toMatchObject({ status: 'not-applicable' });
  });

  it('passes with a table though the kernel does not use it', () => {
    expect(check.evaluate({ iommu: anIommu(off), cpu: unknown })).toMatchObject({
      status: 'pass',
      evidence: [{ source: `${TABLES}/DMAR` }],
    });
  });

  it('fails when the firmware has tables, but none for an IOMMU', () => {
    expect(check.evaluate({ iommu: anIommu({ ...off, firmwareTables: ok([]) }), cpu: unknown })).toMatchObject({
      status: 'fail',
      evidence: [{ source: TABLES }],
    });
  });

  it('could not look where no table shows at all', async () => {
    expect(await judgeOne(check, {})).toMatchObject({ status: 'error', evidence: [{ source: TABLES }] });
    expect(await judgeOne(check, { unreadable: { [TABLES]: 'not-recorded' } })).toMatchObject({ status: 'error' });
  });

  it('advises a virtual IOMMU inside a virtual machine', async () => {
    const files = {
      [`${TABLES}/FACP`]: '',
      '/proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R)\nflags\t\t: fpu vmx hypervisor\n\n',
    };
    expect(await judgeOne(check, { files })).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('virtual machine'),
      remedy: { summary: expect.stringContaining('virtual IOMMU') },
    });
  });
});
