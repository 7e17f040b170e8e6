import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { builtInAliases, dependenciesOf, modulesForAlias } from './host-drivers.ts';

// Lines as depmod writes them.
const TABLE = [
  'alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau',
  'alias pci:v000010DEd00001E30sv*sd*bc*sc*i* nvidiafb',
  'alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia-drm',
  'alias pci:v000010DEd*sv*sd*bc04sc03i00* snd_hda_intel',
  'alias pci:v*d*sv*sd*bc0Csc03i30* xhci_pci',
  'alias pci:v00001002d0000744Csv*sd*bc*sc*i* amdgpu',
  '',
].join('\n');
const GPU = 'pci:v000010DEd00002684sv00001458sd000040BFbc03sc00i00';

describe('modulesForAlias', () => {
  it('names every driver of a GPU', () => {
    expect(modulesForAlias(TABLE, GPU)).toEqual(['nouveau', 'nvidia_drm']);
  });

  it('names the drivers of its other functions', () => {
    expect(modulesForAlias(TABLE, 'pci:v000010DEd000022BAsv00001458sd000040BFbc04sc03i00')).toEqual(['snd_hda_intel']);
    expect(modulesForAlias(TABLE, 'pci:v000010DEd00001AD8sv00001458sd000040BFbc0Csc03i30')).toEqual(['xhci_pci']);
  });

  it('finds nothing for what is no PCI device, and ignores names that are none', () => {
    expect(modulesForAlias(TABLE, 'usb:v1')).toEqual([]);
    expect(modulesForAlias('alias pci:v000010DEd* (.*)+$\n', GPU)).toEqual([]);
  });

  it('reads any table', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const name of modulesForAlias(`alias pci:v000010DE${text}\n${text}`, GPU)) expect(name).toMatch(/^\w+$/);
      }),
    );
  });

  it('reads a table of many stars without delay', () => {
    expect(modulesForAlias(`alias pci:v*${'0*'.repeat(200)}1 x\n`.repeat(5000), GPU)).toEqual([]);
  });
});

describe('builtInAliases', () => {
  it('turns the records of modules.builtin.modinfo into lines of modules.alias', () => {
    const records = 'xhci_pci.license=GPL\0xhci_pci.alias=pci:v*d*sv*sd*bc0Csc03i30*\0vfio_pci.alias=vfio_pci:v*d*\0';
    expect(builtInAliases(records)).toBe('alias pci:v*d*sv*sd*bc0Csc03i30* xhci_pci\n');
  });
});

describe('dependenciesOf', () => {
  const dep = [
    'kernel/sound/x.ko.xz: kernel/drivers/gpu/drm/nouveau/nouveau.ko.xz',
    'kernel/drivers/gpu/drm/nouveau/nouveau.ko.xz: kernel/drivers/gpu/drm/ttm/ttm.ko.xz kernel/drivers/gpu/drm/drm.ko.xz kernel/drivers/i2c/algos/i2c-algo-bit.ko.xz',
    'updates/dkms/nvidia-drm.ko: updates/dkms/nvidia.ko',
    'kernel/lonely.ko:',
    '',
  ].join('\n');

  it('reads the own line of a module', () => {
    expect(dependenciesOf(dep, 'nouveau')).toEqual(['ttm', 'drm', 'i2c_algo_bit']);
    expect(dependenciesOf(dep, 'nvidia_drm')).toEqual(['nvidia']);
    expect(dependenciesOf(dep, 'lonely')).toEqual([]);
    expect(dependenciesOf(dep, 'absent')).toEqual([]);
  });
});
