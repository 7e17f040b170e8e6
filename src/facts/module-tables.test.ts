import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dependenciesOf, modulesForAlias } from './host-drivers.ts';
import { reduceModuleAliases, reduceModuleDependencies } from './module-tables.ts';

const GPU = 'pci:v00001002d00005046sv00001AF4sd00001100bc03sc00i00';
const AUDIO = 'pci:v00008086d00002668sv00001AF4sd00001100bc04sc03i00';
const ALIASES = `# Aliases extracted from modules themselves.
alias pci:v00001002d00005046sv*sd*bc*sc*i* aty128fb
alias pci:v00001002d*sv*sd*bc03sc00i* amdgpu
alias pci:v00001002d00006798sv*sd*bc*sc*i* radeon
alias pci:v00008086d00002668sv*sd*bc*sc*i* snd_hda_intel
alias pci:v000010DEd*sv*sd*bc03sc00i* nouveau
alias usb:v0001p0001d* usbthing
`;
const DEPENDENCIES = `kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko.xz: kernel/drivers/gpu/drm/drm.ko.xz
kernel/drivers/video/fbdev/aty/aty128fb.ko:
kernel/sound/pci/hda/snd-hda-intel.ko: kernel/sound/pci/hda/snd-hda-codec.ko
kernel/drivers/gpu/drm/nouveau/nouveau.ko: kernel/drivers/gpu/drm/drm.ko
`;

describe('the tables of modules in a snapshot', () => {
  it('keep the aliases of the devices that are there, and answer as before', () => {
    const reduced = reduceModuleAliases(ALIASES, [GPU, AUDIO]);
    expect(reduced).not.toMatch(/radeon|nouveau|usbthing/);
    for (const modalias of [GPU, AUDIO]) expect(modulesForAlias(reduced, modalias)).toEqual(modulesForAlias(ALIASES, modalias));
  });

  it('keep what the drivers of these devices need', () => {
    const reduced = reduceModuleDependencies(DEPENDENCIES, ALIASES, [GPU, AUDIO]);
    expect(reduced).not.toContain('nouveau');
    for (const module of ['amdgpu', 'snd_hda_intel']) expect(dependenciesOf(reduced, module)).toEqual(dependenciesOf(DEPENDENCIES, module));
  });

  it('take any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        reduceModuleAliases(text, [GPU]);
        reduceModuleDependencies(text, text, [GPU]);
      }),
    );
  });
});
