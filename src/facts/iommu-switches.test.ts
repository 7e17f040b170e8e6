import { describe, expect, it } from 'vitest';

import { aKernel } from '../../test/facts.ts';
import { interruptRemappingOffWord, iommuOffWord, isIntelOnByDefault, isIntelSwitchedOn } from './iommu-switches.ts';

describe('iommuOffWord', () => {
  it('finds the word of each vendor and the common one', () => {
    expect(iommuOffWord(aKernel('quiet intel_iommu=off'), 'intel')).toBe('intel_iommu=off');
    expect(iommuOffWord(aKernel('amd_iommu=off'), 'amd')).toBe('amd_iommu=off');
    expect(iommuOffWord(aKernel('iommu=pt,off'), 'amd')).toBe('iommu=pt,off');
    expect(iommuOffWord(aKernel('amd_iommu=off'), null)).toBe('amd_iommu=off');
  });

  it('does not blame the word of the other vendor', () => {
    expect(iommuOffWord(aKernel('amd_iommu=off'), 'intel')).toBeNull();
    expect(iommuOffWord(aKernel('intel_iommu=off'), 'amd')).toBeNull();
  });

  it('lets the last of on and off win, as the kernel does', () => {
    expect(iommuOffWord(aKernel('intel_iommu=off intel_iommu=on,igfx_off'), 'intel')).toBeNull();
    expect(iommuOffWord(aKernel('intel_iommu=on intel-iommu=off'), 'intel')).toBe('intel_iommu=off');
    expect(isIntelSwitchedOn(aKernel('intel_iommu=igfx_off'))).toBeNull();
  });
});

describe('isIntelOnByDefault', () => {
  it('knows the default of mainline and that of Debian', () => {
    expect(isIntelOnByDefault({ text: 'CONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_DEFAULT_ON=y\n' })).toBe(true);
    const debian =
      '# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n# CONFIG_INTEL_IOMMU_DEFAULT_OFF is not set\nCONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n';
    expect(isIntelOnByDefault({ text: debian })).toBe(true);
    expect(isIntelOnByDefault({ text: 'CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n' })).toBe(false);
  });
});

describe('interruptRemappingOffWord', () => {
  it('finds what switches remapping off', () => {
    expect(interruptRemappingOffWord(aKernel('intremap=off'))).toBe('intremap=off');
    expect(interruptRemappingOffWord(aKernel('intremap=nosid,off'))).toBe('intremap=nosid,off');
    expect(interruptRemappingOffWord(aKernel('quiet noapic'))).toBe('noapic');
    expect(interruptRemappingOffWord(aKernel('nointremap'))).toBe('nointremap');
  });

  it('finds nothing in options that keep it on', () => {
    expect(interruptRemappingOffWord(aKernel('intremap=off intremap=on'))).toBeNull();
    expect(interruptRemappingOffWord(aKernel('intremap=no_x2apic_optout iommu=pt'))).toBeNull();
  });
});
