import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { vfioAccess } from './vfio-access.ts';

const GPU = '/sys/devices/pci0000:00/0000:01:00.0';
const HOST: MemoryHost = {
  files: { [`${GPU}/vendor`]: '0x10de\n', [`${GPU}/device`]: '0x2684\n', [`${GPU}/class`]: '0x030000\n' },
  links: {
    '/sys/bus/pci/devices/0000:01:00.0': '../../../devices/pci0000:00/0000:01:00.0',
    [`${GPU}/driver`]: '../../../bus/pci/drivers/vfio-pci',
    [`${GPU}/iommu_group`]: '../../../kernel/iommu_groups/12',
  },
  stats: { '/dev/vfio/12': { kind: 'character-device', mode: 0o600 } },
};

describe('vfioAccess', () => {
  const config = aConfig({ gpu: ['0000:01:00.0'] });

  it('has the device of each group that something passed through is in', async () => {
    expect(await valueOf(vfioAccess, HOST, config)).toMatchObject([
      { path: '/dev/vfio/12', devices: ['0000:01:00.0'], stat: { value: { mode: 0o600 } }, callerMayUse: { value: false } },
    ]);
    const [open] = await valueOf(vfioAccess, { ...HOST, writable: ['/dev/vfio/12'] }, config);
    expect(open?.callerMayUse).toEqual({ state: 'ok', value: true });
  });

  it('keeps a device that is not there apart from one that was not recorded', async () => {
    expect(await valueOf(vfioAccess, { ...HOST, stats: {} }, config)).toMatchObject([{ stat: { state: 'absent' } }]);
    const unreadable = { '/dev/vfio/12': 'not-recorded' } as const;
    expect(await valueOf(vfioAccess, { ...HOST, unreadable }, config)).toMatchObject([{ stat: { state: 'unreadable' } }]);
  });
});
