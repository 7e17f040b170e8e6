import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { givesHostDevice, presentDevices, sourceSpot } from '../pci-passthrough.ts';

export default defineDomainRule({
  id: 'domain/pci/virtual-functions',
  title: 'No physical function is passed while it is divided into virtual ones',
  severity: 'blocker',
  host: ['pciDevices'],
  applies: [givesHostDevice],
  why: 'vfio-pci refuses a physical function whose virtual functions are switched on: the domain does not start.',
  sources: [
    'https://github.com/torvalds/linux/blob/v6.12/drivers/vfio/pci/vfio_pci_core.c',
    'https://docs.kernel.org/PCI/pci-iov-howto.html',
  ],
  evaluate: (document, { pciDevices }) =>
    presentDevices(document, pciDevices).flatMap(({ given, device }): readonly Outcome[] => {
      if (device.totalVfs === null || device.totalVfs === 0) return [];
      const source = `/sys/bus/pci/devices/${device.address}/sriov_numvfs`;
      const count = device.numVfs ?? 0;
      if (count === 0) return [passAt(document, sourceSpot(given))];
      const remedy = xmlRemedy(
        document,
        'Pass one of its virtual functions instead, or switch them off, there and where they are made at boot',
      );
      return [
        failAt(
          document,
          sourceSpot(given),
          `${device.address} has ${count} virtual functions, and vfio-pci refuses a device that is divided`,
          {
            evidence: [{ source, observed: String(count), expected: '0' }],
            remedy: { ...remedy, steps: [{ run: `echo 0 > ${source}` }] },
          },
        ),
      ];
    }),
});
