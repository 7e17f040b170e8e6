import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { configValue, kernelConfig } from './kernel-config.ts';

const KERNEL = { '/proc/cmdline': 'quiet\n', '/proc/sys/kernel/osrelease': '6.12.0\n' };
const CONFIG =
  '# Linux/x86 6.12.0 Kernel Configuration\nCONFIG_AMD_IOMMU=y\nCONFIG_VFIO_PCI=m\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n';

describe('kernelConfig', () => {
  it('reads the text of /boot', async () => {
    const value = await valueOf(kernelConfig, { files: { ...KERNEL, '/boot/config-6.12.0': CONFIG } });
    expect(value.source).toBe('/boot/config-6.12.0');
    expect(configValue(value, 'CONFIG_AMD_IOMMU')).toBe('y');
    expect(configValue(value, 'CONFIG_VFIO_PCI')).toBe('m');
    expect(configValue(value, 'CONFIG_INTEL_IOMMU_DEFAULT_ON')).toBeNull();
    expect(configValue(value, 'AMD_IOMMU')).toBeNull();
  });

  it('unpacks /proc/config.gz', async () => {
    const value = await valueOf(kernelConfig, { files: { ...KERNEL, '/proc/config.gz': gzipSync(CONFIG) } });
    expect(value).toEqual({ source: '/proc/config.gz', text: CONFIG });
  });

  it('fails on what is no gzip, and on what unpacks to far too much', async () => {
    for (const bytes of [Buffer.from('rubbish'), Buffer.alloc(0), gzipSync(Buffer.alloc(8 * 1024 * 1024))]) {
      expect(await collect(kernelConfig, { files: { ...KERNEL, '/proc/config.gz': bytes } })).toMatchObject({
        ok: false,
        error: { source: '/proc/config.gz' },
      });
    }
  });

  it('fails where no kernel configuration is kept, and says which file was hidden', async () => {
    expect(await collect(kernelConfig, { files: KERNEL })).toMatchObject({ ok: false });
    expect(await collect(kernelConfig, { files: KERNEL, unreadable: { '/boot/config-6.12.0': 'denied' } })).toMatchObject({
      ok: false,
      error: { source: '/boot/config-6.12.0', reason: 'permission denied' },
    });
  });

  it('takes any text and key', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, key) => {
        expect(configValue({ text }, key)).not.toBeUndefined();
      }),
    );
  });
});
