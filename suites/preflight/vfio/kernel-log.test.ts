import { describe, expect, it } from 'vitest';

import { aGpu, anAudioFunction, aPassthrough, aPciDevice } from '../../../test/facts.ts';
import check from './kernel-log.ts';

const judge = (lines: readonly string[], hasBeginning = true) =>
  check.evaluate({ passthrough: aPassthrough(), kernelLog: { lines: ['Linux version 6.12.0', ...lines], source: 'dmesg', hasBeginning } });

describe(check.id, () => {
  it('passes a quiet log, and what is harmless', () => {
    expect(
      judge([
        'VFIO - User Level meta-driver version: 0.3',
        'vfio_pci: add [10de:2684[ffffffff:ffffffff]] class 0x000000/00000000',
        'vfio-pci 0000:01:00.0: vgaarb: VGA decodes changed: olddecodes=io+mem,decodes=io+mem:owns=none',
        'vfio-pci 0000:01:00.0: Invalid PCI ROM header signature: expecting 0xaa55, got 0xffff',
        'vfio-pci 0000:01:00.0: vfio_ecap_init: hiding ecap 0x1e@0x258',
        'vfio-pci 0000:01:00.0: not ready 1023ms after bus reset; waiting',
        'vfio-pci 0000:01:00.0: reset done',
        'vfio-pci 0000:01:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)',
        'AMD-Vi: AMD IOMMUv2 functionality not available on this system - This is not a bug.',
      ]),
    ).toMatchObject({ status: 'pass', evidence: [{ source: 'dmesg' }] });
  });

  it.each([
    'vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "allow_unsafe_interrupts" to enable VFIO IOMMU support on this platform',
    "vfio-pci 0000:01:00.0: BAR 0: can't reserve [mem 0xc0000000-0xcfffffff 64bit pref]",
    'vfio-pci 0000:01:00.0: not ready 65535ms after bus reset; giving up',
    'vfio-pci 0000:01:00.0: vfio_bar_restore: reset recovery - restoring BARs',
    'vfio-pci 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible',
    'vfio-pci 0000:01:00.0: Unable to change power state from D3hot to D0, device inaccessible',
    'vfio-pci 0000:01:00.0: Refused to change power state, currently in D3',
    'AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=01:00.0 address=0x0000000108d0c000]',
    'DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0xdeadb000 [fault reason 0x06] PTE Read access is not set',
    'vfio-pci 0000:01:00.1: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000e address=0xfffffffdf8000000 flags=0x0008]',
    'vfio_pci: invalid id string "10de-2684"',
    'vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded',
    'AMD-Vi: Completion-Wait loop timed out',
  ])('fails with: %s', (line) => {
    expect(judge([line])).toMatchObject({
      status: 'fail',
      message: `the kernel reports: ${line}`,
      evidence: [{ source: 'dmesg', observed: line }],
    });
  });

  it.each([
    'vfio-pci: probe of 0000:01:00.0 failed with error -22',
    'vfio-pci 0000:01:00.0: Unable to change power state from D0 to D3hot, device inaccessible',
  ])('tells of a failure that it knows no fix for, as a minor one: %s', (line) => {
    expect(judge([line])).toMatchObject({ status: 'fail', severity: 'minor', message: `the kernel reports: ${line}` });
    expect(judge([line, 'AMD-Vi: Completion-Wait loop timed out'])).not.toHaveProperty('severity');
  });

  it('counts what is repeated', () => {
    const line = 'AMD-Vi: Completion-Wait loop timed out';
    expect(judge([line, line, line])).toMatchObject({ evidence: [{ observed: `${line} (3 times)` }] });
  });

  it('leaves other devices alone', () => {
    expect(
      judge([
        'DMAR: [DMA Read NO_PASID] Request device [81:00.0] fault addr 0x1000',
        "nvme 0000:02:00.0: BAR 0: can't reserve [mem 0xf0000000]",
        'vfio-pci: probe of 0000:02:00.0 failed with error -22',
        'pci 0001:01:00.0: not ready 65535ms after bus reset; giving up',
      ]),
    ).toMatchObject({ status: 'pass' });
  });

  it('could not look when the beginning is lost, but shows what is there', () => {
    expect(judge([], false)).toMatchObject({ status: 'unknown', evidence: [{ source: 'dmesg' }] });
    expect(judge(['AMD-Vi: Completion-Wait loop timed out'], false)).toMatchObject({ status: 'fail' });
  });

  it('is not applicable without a GPU', () => {
    const kernelLog = { lines: ['AMD-Vi: Completion-Wait loop timed out'], source: 'dmesg', hasBeginning: true };
    expect(check.evaluate({ passthrough: aPassthrough([]), kernelLog })).toMatchObject({ status: 'not-applicable' });
  });

  it('knows devices of other PCI domains', () => {
    const gpu = aGpu([aPciDevice({ address: '10000:e1:00.0' }), anAudioFunction({ address: '10000:e1:00.1' })]);
    const kernelLog = { lines: ['vfio-pci 10000:e1:00.0: not ready 65535ms after FLR; giving up'], source: 'dmesg', hasBeginning: true };
    expect(check.evaluate({ passthrough: aPassthrough([gpu]), kernelLog })).toMatchObject({ status: 'fail' });
  });
});
