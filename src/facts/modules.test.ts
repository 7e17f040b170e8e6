import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { modules, moduleState, parseLoadedModules, parseModulePaths } from './modules.ts';

const RELEASE = '6.1.0-38-amd64';
const FOLDER = `/lib/modules/${RELEASE}`;

function host(given: MemoryHost = {}): MemoryHost {
  return {
    ...given,
    files: {
      '/proc/cmdline': '',
      '/proc/sys/kernel/osrelease': `${RELEASE}\n`,
      // As Debian 12 prints it.
      '/proc/modules': 'vfio_pci 16384 0 - Live 0x0000000000000000\nvfio_pci_core 69632 1 vfio_pci, Live 0x0000000000000000\n',
      [`${FOLDER}/modules.dep`]: '',
      [`${FOLDER}/modules.builtin`]: 'kernel/drivers/usb/host/xhci-pci.ko\n',
      [`${FOLDER}/kernel/drivers/vfio/vfio.ko.xz`]: '',
      [`${FOLDER}/kernel/drivers/vfio/vfio_iommu_type1.ko.xz`]: '',
      [`${FOLDER}/kernel/drivers/vfio/pci/vfio-pci.ko.xz`]: '',
      ...given.files,
    },
  };
}

describe('modules', () => {
  it('tells loaded, loadable and missing modules apart', async () => {
    const value = await valueOf(modules, host());
    expect(moduleState(value, 'vfio_pci')).toBe('loaded');
    expect(moduleState(value, 'vfio_iommu_type1')).toBe('loadable');
    expect(moduleState(value, 'vfio_virqfd')).toBe('missing');
  });

  it('finds built-in modules by name and in /sys/module', async () => {
    const value = await valueOf(modules, host({ files: { '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'N\n' } }));
    expect(value.builtIn).toMatchObject({ state: 'ok' });
    expect(value.builtIn.state === 'ok' && value.builtIn.value.has('xhci_pci')).toBe(true);
    expect(moduleState(value, 'vfio_iommu_type1')).toBe('built-in');
  });

  it('does not take a loaded module in /sys/module for built in', async () => {
    const value = await valueOf(modules, host({ files: { '/sys/module/vfio_pci/refcnt': '0\n' } }));
    expect(moduleState(value, 'vfio_pci')).toBe('loaded');
  });

  it('sees that the folder of the running kernel is gone', async () => {
    const value = await valueOf(modules, {
      files: {
        '/proc/cmdline': '',
        '/proc/sys/kernel/osrelease': '6.12.1-arch1-1',
        '/proc/modules': '',
        '/lib/modules/6.12.9-arch1-1/modules.dep': '',
      },
    });
    expect(value.folder).toEqual({ state: 'absent' });
    expect(value.installed).toEqual(['6.12.9-arch1-1']);
    expect(moduleState(value, 'vfio_pci')).toBe('missing');
  });

  it('does not take what was not recorded for missing', async () => {
    const value = await valueOf(modules, {
      files: { '/proc/cmdline': '', '/proc/sys/kernel/osrelease': RELEASE, '/proc/modules': '' },
      unreadable: {
        [FOLDER]: 'not-recorded',
        [`/usr/lib/modules/${RELEASE}`]: 'not-recorded',
        [`/run/booted-system/kernel-modules/lib/modules/${RELEASE}`]: 'not-recorded',
      },
    });
    expect(moduleState(value, 'vfio_pci')).toBe('unknown');
  });

  it('does not know without the release of the kernel', async () => {
    expect(moduleState(await valueOf(modules, { files: { '/proc/cmdline': '', '/proc/modules': '' } }), 'vfio_pci')).toBe('unknown');
  });
});

describe('the parsers', () => {
  it('read any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const name of [...parseLoadedModules(text), ...parseModulePaths(text)]) expect(name.length).toBeGreaterThan(0);
      }),
    );
  });

  it('read a long line without delay', () => {
    expect(parseModulePaths('a'.repeat(3_000_000)).size).toBe(0);
  });
});
