import { expect, it } from 'vitest';

import { memoryHost } from './memory.ts';
import { ABSENT, ok } from './reading.ts';

it('an in-memory host finds a link in a folder that is reached through a link, as /sys/bus/pci/devices is', () => {
  const host = memoryHost({
    links: {
      '/sys/bus/pci/devices/0000:01:00.0': '../../../devices/pci0000:00/0000:01:00.0',
      '/sys/devices/pci0000:00/0000:01:00.0/driver': '../../../bus/pci/drivers/vfio-pci',
    },
  });
  expect(host.link('/sys/bus/pci/devices/0000:01:00.0/driver')).toEqual(ok('../../../bus/pci/drivers/vfio-pci'));
  expect(host.link('/sys/bus/pci/devices/0000:01:00.0')).toEqual(ok('../../../devices/pci0000:00/0000:01:00.0'));
  expect(host.link('/sys/bus/pci/devices/0000:01:00.0/iommu_group')).toEqual(ABSENT);
});
