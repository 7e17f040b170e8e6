import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aKernel } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import { kernel, kernelAtLeast, parameterValues, parseKernelCommandLine } from './kernel.ts';

const CMDLINE =
  'BOOT_IMAGE=/vmlinuz root=UUID=x ro quiet intel_iommu=on vfio-pci.ids=10de:2684,10de:22ba dyndbg="file a.c +p" -- single iommu=off\n';

describe('kernel', () => {
  it('reads release and command line', async () => {
    const value = await valueOf(kernel, { files: { '/proc/cmdline': CMDLINE, '/proc/sys/kernel/osrelease': '6.1.0-44-amd64\n' } });
    expect(value).toMatchObject({ release: '6.1.0-44-amd64', version: [6, 1] });
    expect(parameterValues(value, 'vfio_pci.ids')).toEqual(['10de:2684,10de:22ba']);
    expect(parameterValues(value, 'vfio-pci.ids')).toEqual(['10de:2684,10de:22ba']);
  });

  it('takes the release from /proc/version of a captured tree', async () => {
    const files = { '/proc/cmdline': 'quiet', '/proc/version': 'Linux version 3.19.0-7-generic (buildd@brownie) #7-Ubuntu SMP\n' };
    expect(await valueOf(kernel, { files })).toMatchObject({ release: '3.19.0-7-generic', version: [3, 19] });
  });

  it('does not take words for init as parameters, and keeps blanks in quotes', () => {
    const parameters = parseKernelCommandLine(CMDLINE);
    expect(parameterValues({ parameters }, 'iommu')).toEqual([]);
    expect(parameterValues({ parameters }, 'dyndbg')).toEqual(['file a.c +p']);
    expect(parameterValues({ parameters }, 'quiet')).toEqual(['']);
  });

  it('compares versions, and says when it cannot', () => {
    expect(kernelAtLeast(aKernel('', '6.2.1'), 6, 2)).toBe(true);
    expect(kernelAtLeast(aKernel('', '6.1.99'), 6, 2)).toBe(false);
    expect(kernelAtLeast({ version: null }, 6, 2)).toBeNull();
  });

  it('is an error when the command line is hidden', async () => {
    expect(await collect(kernel, { unreadable: { '/proc/cmdline': 'denied' } })).toMatchObject({ ok: false });
  });

  it('parses any text', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseKernelCommandLine(text))));
  });
});
