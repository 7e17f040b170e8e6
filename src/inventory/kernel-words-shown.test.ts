import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { kernelWordsShown } from './kernel-words-shown.ts';

it('words that matter for VMs are shown as written, in their order', () => {
  const given = 'intel_iommu=on iommu=pt vfio-pci.ids=10de:2684,10de:22ba isolcpus=2-7 kvm.ignore_msrs=1';
  expect(kernelWordsShown(given)).toBe(given);
});

it('what names disks, servers, keys and passwords is only counted', () => {
  const secrets = [
    'root=UUID=2f1c',
    'rd.luks.key=/key:UUID=2f1c',
    'rd.luks.name=2f1c=root',
    'netroot=iscsi:me:s3cret@10.0.0.1::::iqn',
    'iscsi_password=s3cret',
    'systemd.set_credential=passwd:s3cret',
    'console="a s3cret"',
    'modprobe.s3cret=1',
  ];
  const shown = kernelWordsShown([...secrets, 'amd_iommu=on'].join(' '));
  expect(shown).toBe('amd_iommu=on (8 other words not shown)');
  expect(kernelWordsShown('quiet')).toBe('(1 other word not shown)');
});

it('what belongs to init is neither shown nor counted, and an empty line says nothing', () => {
  expect(kernelWordsShown('iommu=pt -- iommu=off s3cret')).toBe('iommu=pt');
  expect(kernelWordsShown('')).toBe('');
});

it('nothing of a word is shown that does not begin with a known name', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 6 }), (parts) => {
      const hidden = parts.map((part) => `x${part.replaceAll(/[\s"]/g, '')}SECRET`).join(' ');
      expect(kernelWordsShown(`${hidden} iommu=pt`)).not.toContain('SECRET');
    }),
  );
});
