import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { judgeWord, type WordContext } from './iommu-words.ts';
import { parseKernelCommandLine } from './kernel.ts';

const NOTHING_KNOWN: WordContext = { vendor: null, hasNoVirqfd: null, hasSimpleFramebuffer: null, reportedUnknown: new Set() };

function judge(word: string, context: Partial<WordContext> = {}) {
  const [parameter] = parseKernelCommandLine(word);
  return parameter === undefined ? null : judgeWord(parameter, { ...NOTHING_KNOWN, ...context });
}

describe('judgeWord', () => {
  it.each([
    'intel_iommu=on',
    'intel_iommu=on,igfx_off',
    'intel_iommu=on,intgpu_off',
    'intel_iommu=sm_on',
    'amd_iommu=pgtbl_v2',
    'iommu=pt',
    'iommu=soft',
    'iommu=pt,force',
    'iommu=1024',
    'intremap=no_x2apic_optout',
    'iommu.passthrough=1',
    'vfio-pci.ids=10de:2684,10de:22ba',
    'vfio_iommu_type1.allow_unsafe_interrupts=1',
    'rd.driver.pre=vfio-pci',
    'quiet',
    'constructor=on',
  ])('has nothing against %s', (word) => {
    expect(judge(word, { hasNoVirqfd: true, hasSimpleFramebuffer: true })).toBeNull();
  });

  it.each([
    ['amd_iommu=on', null],
    ['amd_iommu=on,pgtbl_v2', 'amd_iommu=pgtbl_v2'],
    ['intel_iommu=on,pt', 'intel_iommu=on iommu=pt'],
    ['amd_iommu=pt', 'iommu=pt'],
    ['intel_iommu=ON', null],
    ['intel_iommu', 'intel_iommu=on'],
    ['iommu=on', null],
    ['iommu=on,pt', 'iommu=pt'],
    ['intremap=no', null],
    ['allow_unsafe_interrupts=1', 'vfio_iommu_type1.allow_unsafe_interrupts=1'],
    ['vfio_pci_ids=10de:2684', null],
  ])('finds that %s does nothing', (word, instead) => {
    expect(judge(word)).toMatchObject({ word, instead });
  });

  it('finds options for the other vendor only when the vendor is known', () => {
    expect(judge('intel_iommu=on', { vendor: 'amd' })).toMatchObject({ reason: 'this machine has an AMD IOMMU' });
    expect(judge('amd_iommu=pgtbl_v2', { vendor: 'intel' })).toMatchObject({ reason: 'this machine has an Intel IOMMU' });
    expect(judge('intel_iommu=on', { vendor: 'intel' })).toBeNull();
  });

  it('finds vfio_virqfd in lists of modules from 6.2 on', () => {
    expect(judge('rd.driver.pre=vfio-pci,vfio_virqfd', { hasNoVirqfd: true })).toMatchObject({ instead: 'rd.driver.pre=vfio-pci' });
    expect(judge('rd.driver.pre=vfio-pci,vfio_virqfd', { hasNoVirqfd: false })).toBeNull();
    expect(judge('rd.driver.pre=vfio-pci,vfio_virqfd')).toBeNull();
  });

  it('finds video=efifb:off where simpledrm is used', () => {
    expect(judge('video=efifb:off', { hasSimpleFramebuffer: true })).toMatchObject({ instead: null });
    expect(judge('video=efifb:off', { hasSimpleFramebuffer: false })).toBeNull();
    expect(judge('video=efifb:off')).toBeNull();
  });

  it('takes the kernel at its word about unknown options that are ours', () => {
    const reportedUnknown = new Set(['pcie_acs_override', 'splash']);
    expect(judge('pcie_acs_override=downstream', { reportedUnknown })).toMatchObject({ reason: expect.stringContaining('unknown') });
    expect(judge('splash', { reportedUnknown })).toBeNull();
    expect(judge('pcie_acs_override=downstream')).toBeNull();
  });

  it('takes any word', () => {
    fc.assert(
      fc.property(fc.constantFrom('iommu', 'intel_iommu', 'amd_iommu', 'intremap', 'video'), fc.string(), (name, value) => {
        expect(judgeWord({ name, value }, NOTHING_KNOWN)?.reason).not.toBe('');
      }),
    );
  });
});
