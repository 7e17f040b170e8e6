import { describe, expect, it } from 'vitest';

import { fixed, judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './ioapic.ts';

const body = (ioapic: string, machine = 'pc-q35-9.0'): string =>
  `<os>\n    <type machine='${machine}'>hvm</type>\n  </os>\n  <features>\n    <acpi/>${ioapic}\n  </features>`;
const KVM = "<ioapic driver='kvm'/>";
const QEMU = "\n    <ioapic driver='qemu'/>";

describe(rule.id, () => {
  it('passes where nothing is written', () => {
    expect(judgeOneDomain(rule, { body: body('') })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: body('', 'pc-q35-4.0.1') })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'pass' });
  });

  it("tells that KVM's is the default, and changes nothing", () => {
    const outcome = judgeOneDomain(rule, { body: body(KVM) });
    expect(outcome).toMatchObject({ status: 'fail', severity: 'info' });
    expect(outcome).not.toHaveProperty('edits');
  });

  it("fails for QEMU's", () => {
    expect(judgeOneDomain(rule, { body: body(QEMU) })).toMatchObject({
      status: 'fail',
      message: "the I/O APIC is QEMU's, and no virtual IOMMU needs that",
      evidence: [{ source: 'win11.xml:13', observed: "driver='qemu'", expected: "driver='kvm'" }],
    });
    const iommu = "<iommu model='intel'><driver caching_mode='on'/></iommu>";
    expect(judgeOneDomain(rule, { body: body(QEMU), devices: iommu })).toMatchObject({ status: 'fail' });
  });

  it('wants it written on pc-q35-4.0, where the default is another, and mends that', () => {
    expect(judgeOneDomain(rule, { body: body(KVM, 'pc-q35-4.0') })).toMatchObject({ status: 'pass' });
    expect(judgeOneDomain(rule, { body: body('', 'pc-q35-4.0') })).toMatchObject({ status: 'fail' });
    expect(fixed(rule, { body: body('', 'pc-q35-4.0') })).toContain(`    <acpi/>\n    ${KVM}\n`);
  });

  it("says nothing where a virtual IOMMU needs QEMU's, and without a device of the host", () => {
    const iommu = "<iommu model='intel'><driver intremap='on'/></iommu>";
    expect(judgeOneDomain(rule, { body: body(QEMU), devices: iommu })).toMatchObject({ status: 'not-applicable' });
    expect(judgeOneDomain(rule, { gpu: false, body: body(QEMU) })).toMatchObject({ status: 'not-applicable' });
  });
});
